import 'reflect-metadata';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command, FactEnvelope } from '@linli/contracts';
import { systemClock, systemIds } from '@linli/kernel';
import { pino } from 'pino';
import type { Bus } from './bus.js';
import type { JournalEntry } from './journal/journal-entry.js';
import { aCommand, aFact, COMMANDS, FACTS, INTAKE, poison, signer, uuid } from './consume/workbench.js';
import type { Answer, Handling, StreamItem } from './handling.js';
import type { Log } from './log/log.js';
import { memoryLog } from './log/memory/memory-log.js';
import { CommandHandler, FactHandler, StreamHandler } from './nest/decorators.js';
import type { BusParts } from './bus-parts.js';
import { openBusOn } from './open-bus.js';
import { memoryBusStore } from './store/memory/memory-bus-store.js';
import type { MemoryTransaction } from './store/memory/memory-tables.js';
import { commandRecord } from './wire/command-record.js';
import { streamRecord } from './wire/stream-record.js';

type InMemory = Handling<MemoryTransaction>;

const faultsAhead = new Set<number>();
const heard: FactEnvelope[] = [];

@Controller()
class Producer {
  @CommandHandler('test.do')
  async do(@Payload() command: Command, @Ctx() handling: InMemory): Promise<Answer> {
    const { n } = command.data as { n: number };
    if (faultsAhead.has(n)) throw poison();
    handling.tell(aFact({ aggregateId: command.aggregateId, aggregateVersion: n, data: { n } }));
    return { resource: { n }, version: n };
  }

  @StreamHandler(INTAKE)
  async take(@Payload() items: StreamItem<{ n: number }>[], @Ctx() handling: InMemory): Promise<void> {
    for (const { item } of items) {
      const sent = { topic: COMMANDS.name, type: 'test.do', tenant: 'yuhang', aggregateId: uuid(900) };
      handling.send({ ...sent, identity: [item.n], data: item });
    }
  }
}

@Controller()
class Listener {
  @FactHandler('linli.test.done.v1')
  async hear(@Payload() fact: FactEnvelope): Promise<void> {
    heard.push(fact);
  }
}

const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
  faultsAhead.clear();
  heard.length = 0;
});

const newLog = (): Log => {
  const log = memoryLog({ clock: systemClock });
  opened.push(log);
  return log;
};

const clockNow = { now: () => new Date('2026-11-23T12:00:00Z') };

const run = async (
  controller: typeof Producer | typeof Listener,
  settings: Pick<BusParts<MemoryTransaction>, 'service' | 'log' | 'consumes' | 'tells'> &
    Partial<BusParts<MemoryTransaction>>,
): Promise<Bus<MemoryTransaction>> => {
  const bus = await openBusOn({
    store: memoryBusStore(),
    ...{ clock: clockNow, ids: systemIds, signer, logger: pino({ level: 'silent' }) },
    ...settings,
  });
  const module = await Test.createTestingModule({ controllers: [controller] }).compile();
  const app = module.createNestMicroservice({ strategy: bus.strategy, logger: false });
  opened.push({ close: () => Promise.all([bus.close(), app.close()]) });
  await app.listen();
  return bus;
};

const producer = (
  log: Log,
  more: Partial<BusParts<MemoryTransaction>> = {},
): Promise<Bus<MemoryTransaction>> =>
  run(Producer, {
    ...{ service: 'test', log, tells: [FACTS, COMMANDS] },
    consumes: [
      { topic: COMMANDS, kind: 'commands' },
      { topic: INTAKE, kind: 'stream' },
    ],
    ...more,
  });

const until = async (ready: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await ready())) await new Promise((resolve) => setImmediate(resolve));
};

describe('a bus', () => {
  it('runs a command, wakes who waits for its outcome, and tells its fact to another service', async () => {
    const log = newLog();
    const bus = await producer(log);
    await run(Listener, { service: 'other', log, tells: [], consumes: [{ topic: FACTS, kind: 'facts' }] });
    const waiting = bus.waitForOutcome(uuid(1), 10_000);
    await log.publish(COMMANDS, [commandRecord(aCommand(1), COMMANDS, signer)]);
    expect(await waiting).toMatchObject({ commandId: uuid(1), status: 'done', resource: { n: 1 } });
    await until(() => heard.length > 0);
    expect(heard).toMatchObject([
      { source: '/linli/test', causationId: uuid(1), actor: 'key-1', data: { n: 1 } },
    ]);
  });

  it('runs the commands that kits bring besides those that Nest found', async () => {
    const log = newLog();
    const handle = async ({ type }: Command): Promise<Answer> => ({ resource: { type }, version: 7 });
    const bus = await producer(log, { commands: new Map([['kit.do', { version: 1, handle }]]) });
    const ofKit = { ...aCommand(2), type: 'kit.do' };
    await log.publish(
      COMMANDS,
      [ofKit, aCommand(1)].map((one) => commandRecord(one, COMMANDS, signer)),
    );
    expect(await bus.waitForOutcome(uuid(1), 10_000)).toMatchObject({ resource: { n: 1 } });
    expect(await bus.waitForOutcome(uuid(2), 10_000)).toMatchObject({
      ...{ status: 'done', resource: { type: 'kit.do' }, aggregateVersion: 7 },
    });
  });

  it('carries what a stream sends as signed commands to itself, each once', async () => {
    const log = newLog();
    const bus = await producer(log);
    await log.publish(INTAKE, [
      streamRecord(INTAKE, 'area', [{ n: 1 }, { n: 2 }]),
      streamRecord(INTAKE, 'area', { n: 1 }),
    ]);
    await until(async () => (await bus.timeline('yuhang', uuid(900))).length >= 2);
    await until(async () => (await bus.state()).tally.duplicates === 1);
    const timeline = await bus.timeline('yuhang', uuid(900));
    expect(timeline.map(({ data, actor }) => [data, actor])).toEqual([
      [{ n: 1 }, 'system'],
      [{ n: 2 }, 'system'],
    ]);
  });

  it('carries what is sent in a transaction of another, each once, and nothing of one that fails', async () => {
    const store = memoryBusStore();
    const bus = await producer(newLog(), { store });
    const sent = { topic: COMMANDS.name, type: 'test.do', tenant: 'yuhang', aggregateId: uuid(900) };
    const due = (n: number) => ({ ...sent, identity: ['deadline', n], data: { n } });
    const failing = store.transaction('relay', async (tx) => {
      await bus.send(tx, [due(1)]);
      throw new Error('changed its mind');
    });
    await expect(failing).rejects.toThrow('changed its mind');
    for (const commands of [[due(2), due(3)], [due(2)]]) {
      (await store.transaction('relay', (tx) => bus.send(tx, commands)))();
    }
    await until(async () => (await bus.timeline('yuhang', uuid(900))).length >= 2);
    await until(async () => (await bus.state()).tally.duplicates === 1);
    const timeline = await bus.timeline('yuhang', uuid(900));
    expect(timeline.map(({ data, actor }) => [data, actor])).toEqual([
      [{ n: 2 }, 'system'],
      [{ n: 3 }, 'system'],
    ]);
    await expect(bus.send(store.reader('http'), [{ ...due(4), topic: 'else' }])).rejects.toThrow(
      'does not tell commands on else',
    );
  });

  it('answers nothing for an outcome that does not come, in time or when the caller leaves', async () => {
    const bus = await producer(newLog());
    expect(await bus.waitForOutcome(uuid(77), 20)).toBeNull();
    const leaving = new AbortController();
    const waiting = bus.waitForOutcome(uuid(77), 60_000, leaving.signal);
    leaving.abort();
    expect(await waiting).toBeNull();
    expect(await bus.outcome(uuid(77))).toBeNull();
  });

  it('finds an outcome that another process wrote', async () => {
    const store = memoryBusStore();
    const bus = await producer(newLog(), { store });
    const waiting = bus.waitForOutcome(uuid(5), 10_000);
    await store.transaction('consumer', (tx) =>
      store.outcomes.put(tx, [
        {
          ...{
            commandId: uuid(5),
            tenant: 'yuhang',
            requestHash: 'h',
            aggregateId: uuid(900),
            status: 'expired',
          },
          ...{ resource: null, aggregateVersion: null, refusal: null, completedAt: '2026-11-23T12:00:00Z' },
        },
      ]),
    );
    expect(await waiting).toMatchObject({ status: 'expired' });
  });

  it('shows the live tail, slices and the state of the journal, and a chain that verifies', async () => {
    const log = newLog();
    const bus = await producer(log);
    const seen: JournalEntry[] = [];
    const leave = bus.tail(FACTS, await bus.end(FACTS), (entries) => seen.push(...entries));
    await log.publish(
      COMMANDS,
      [1, 2, 3].map((n) => commandRecord(aCommand(n), COMMANDS, signer)),
    );
    await until(() => seen.length === 3);
    leave();
    expect(seen.map(({ seq, data }) => [seq, data])).toEqual([
      [1, { n: 1 }],
      [2, { n: 2 }],
      [3, { n: 3 }],
    ]);
    expect(await bus.journalSlice(FACTS.name, 0, 2, 3)).toEqual(seen.slice(1));
    expect(await bus.end(FACTS)).toEqual([3]);
    expect(await bus.verifyChain(FACTS.name, 0)).toMatchObject({ rows: 3, fault: null });
    await until(async () => (await bus.state()).unpublished === 0);
    expect(await bus.state()).toMatchObject({
      ...{ unstamped: 0, deadLetters: 0, parkedKeys: 0, lastFault: null },
      consumers: [
        { topic: COMMANDS.name, partition: 0, next: 3, high: 3, halted: null, pausedSince: null },
        { topic: INTAKE.name, partition: 0, next: 0, high: 0, halted: null, pausedSince: null },
      ],
    });
  });

  it('parks a key at fault, says so, and replays it when told', async () => {
    const log = newLog();
    const bus = await producer(log);
    faultsAhead.add(1);
    await log.publish(
      COMMANDS,
      [1, 2].map((n) => commandRecord(aCommand(n), COMMANDS, signer)),
    );
    await until(async () => (await bus.outcome(uuid(2))) !== null);
    expect(await bus.outcome(uuid(2))).toMatchObject({ status: 'parked' });
    expect(await bus.state()).toMatchObject({ parkedKeys: 1 });
    expect((await bus.state()).lastFault).toContain('invalid input syntax');
    faultsAhead.clear();
    expect(await bus.releaseKey(uuid(900))).toEqual([{ replayed: 2, fault: null }]);
    expect(await bus.outcome(uuid(2))).toMatchObject({ status: 'done', resource: { n: 2 } });
  });

  it('heals a gap from the journal of the producer', async () => {
    const log = newLog();
    const bus = await producer(newLog());
    const store = memoryBusStore();
    const heal = (topic: string, partition: number, from: number, to: number) =>
      bus.journalSlice(topic, partition, from, to);
    await run(Listener, {
      service: 'other',
      log,
      heal,
      store,
      tells: [],
      consumes: [{ topic: FACTS, kind: 'facts' }],
    });
    const hidden = memoryLog({ clock: systemClock });
    opened.push(hidden);
    const told = await producer(hidden);
    await hidden.publish(
      COMMANDS,
      [1, 2, 3].map((n) => commandRecord(aCommand(n), COMMANDS, signer)),
    );
    await until(async () => (await told.state()).unpublished === 0 && (await told.end(FACTS))[0] === 3);
    const last = await hidden.readAt(FACTS, 0, 2);
    Object.assign(bus, { journalSlice: told.journalSlice.bind(told) });
    if (last) await log.publish(FACTS, [{ ...last }]);
    await until(() => heard.length === 3);
    expect(heard.map(({ data }) => data)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('drains: what was told is sent, nothing more is taken, twice is once', async () => {
    const log = newLog();
    const bus = await producer(log);
    await log.publish(
      COMMANDS,
      [1, 2, 3].map((n) => commandRecord(aCommand(n), COMMANDS, signer)),
    );
    await bus.waitForOutcome(uuid(3), 10_000);
    await Promise.all([bus.drain(), bus.drain()]);
    expect((await log.watermarks(FACTS))[0]?.high).toBe(3);
    await log.publish(COMMANDS, [commandRecord(aCommand(4), COMMANDS, signer)]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await bus.outcome(uuid(4))).toBeNull();
  });

  it('does not start with a partition count other than the frozen one', async () => {
    const store = memoryBusStore();
    await producer(newLog(), { store });
    await expect(
      producer(newLog(), { store, tells: [{ ...FACTS, partitions: 2 }, COMMANDS] }),
    ).rejects.toThrow('test.facts.v1 was made with 1 partitions and is declared with 2');
  });

  it('does not start when a consumed topic has no handler', async () => {
    const consumes = [{ topic: FACTS, kind: 'facts' as const }];
    await expect(producer(newLog(), { consumes })).rejects.toThrow(
      'test.facts.v1 (facts) is consumed but has no handler',
    );
  });
});
