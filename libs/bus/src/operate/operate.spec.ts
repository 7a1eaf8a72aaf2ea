import 'reflect-metadata';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Command, OpsCommandType, OpsResult, Outcome } from '@linli/contracts';
import { systemClock, systemIds } from '@linli/kernel';
import { pino } from 'pino';
import type { Bus } from '../bus.js';
import { aCommand, aFact, COMMANDS, FACTS, INTAKE, poison, signer, uuid } from '../consume/workbench.js';
import type { Answer, Handling, StreamItem } from '../handling.js';
import type { Log } from '../log/log.js';
import { memoryLog } from '../log/memory/memory-log.js';
import { CommandHandler, StreamHandler } from '../nest/decorators.js';
import { openBusOn } from '../open-bus.js';
import { memoryBusStore } from '../store/memory/memory-bus-store.js';
import { MemoryTables, type MemoryTransaction } from '../store/memory/memory-tables.js';
import { commandRecord } from '../wire/command-record.js';
import { streamRecord } from '../wire/stream-record.js';

type InMemory = Handling<MemoryTransaction>;

const broken = new Set<number>();
const effect = (handling: InMemory, n: number): void => {
  handling.tx.put('effect', String(handling.tx.number('effect')), n);
  if (broken.has(n)) throw poison();
};

@Controller()
class Handlers {
  @CommandHandler('test.do')
  async do(@Payload() { data, aggregateId }: Command, @Ctx() handling: InMemory): Promise<Answer> {
    const { n } = data as { n: number };
    effect(handling, n);
    handling.tell(aFact({ aggregateId, aggregateVersion: n, data: { n } }));
    return { resource: { n }, version: n };
  }

  @StreamHandler(INTAKE)
  async take(@Payload() items: StreamItem<number>[], @Ctx() handling: InMemory): Promise<void> {
    for (const { item } of items) effect(handling, item);
  }
}

const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
  broken.clear();
});

const operator = { tenant: 'default', keyId: 'k-ops', name: 'night shift', areas: null };

class World {
  readonly tables = new MemoryTables();
  private next = 5000;

  constructor(
    readonly bus: Bus<MemoryTransaction>,
    readonly log: Log,
    tables: MemoryTables,
  ) {
    this.tables = tables;
  }

  send(...commands: Command[]): Promise<void> {
    return this.log.publish(
      COMMANDS,
      commands.map((command) => commandRecord(command, COMMANDS, signer)),
    );
  }

  order(type: OpsCommandType, data: object, changes: Partial<Command> = {}): Command {
    this.next += 1;
    return aCommand(this.next, {
      ...{ type, data: { reason: 'mended at 02:10', ...data }, aggregateId: uuid(this.next) },
      principal: { ...operator, scopes: ['ops'] },
      ...changes,
    });
  }

  /** Sends an operator's command and waits for its outcome. */
  async tell(type: OpsCommandType, data: object, changes: Partial<Command> = {}): Promise<Outcome> {
    const command = this.order(type, data, changes);
    await this.send(command);
    const outcome = await this.bus.waitForOutcome(command.commandId, 10_000);
    if (!outcome) throw new Error('no outcome');
    return outcome;
  }

  async result(type: OpsCommandType, data: object): Promise<OpsResult> {
    return (await this.tell(type, data)).resource as OpsResult;
  }

  get effects(): number[] {
    return this.tables
      .reader()
      .rows<number>('effect')
      .toSorted((a, b) => a - b);
  }

  async letters(state?: 'open' | 'replayed' | 'discarded') {
    return (await this.bus.operate.deadLetters({ after: 0, limit: 100, state })).items;
  }

  async audit(): Promise<unknown[]> {
    await until(async () => (await this.bus.state()).unpublished + (await this.bus.state()).unstamped === 0);
    return (await this.bus.journalSlice('linli.test.operations.v1', 0, 1, 100)).map(({ data, actor }) => ({
      actor,
      ...(data as object),
    }));
  }
}

const uuidOf = (id: string | undefined): string => (id ?? '').replace('test.', '');

const until = async (ready: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await ready())) await new Promise((resolve) => setImmediate(resolve));
};

const open = async (): Promise<World> => {
  const log = memoryLog({ clock: systemClock });
  const tables = new MemoryTables();
  const bus = await openBusOn({
    ...{ service: 'test', log, store: memoryBusStore(tables), tells: [FACTS, COMMANDS] },
    ...{ clock: { now: () => new Date('2026-11-23T12:00:00Z') }, ids: systemIds, signer },
    consumes: [
      { topic: COMMANDS, kind: 'commands' },
      { topic: INTAKE, kind: 'stream' },
    ],
    logger: pino({ level: 'silent' }),
  });
  const module = await Test.createTestingModule({ controllers: [Handlers] }).compile();
  const app = module.createNestMicroservice({ strategy: bus.strategy, logger: false });
  opened.push(log, { close: () => Promise.all([bus.close(), app.close()]) });
  await app.listen();
  return new World(bus, log, tables);
};

describe('a dead letter', () => {
  const setAside = async (...items: number[]): Promise<World> => {
    const world = await open();
    await world.log.publish(INTAKE, [streamRecord(INTAKE, 'a', items)]);
    await until(async () => (await world.letters()).length > 0);
    return world;
  };

  it('of a packed record is replayed alone, once; a second replay does nothing and says so', async () => {
    broken.add(2);
    const world = await setAside(1, 2, 3);
    await until(() => world.effects.length === 2);
    const [letter] = await world.letters('open');
    expect(letter).toMatchObject({ service: 'test', topic: INTAKE.name, offset: 0, item: 1, attempts: 0 });
    broken.clear();
    const first = await world.result('ops.replay-dead-letter', { id: uuidOf(letter?.id) });
    expect(first).toMatchObject({ effect: 'applied', detail: '1 done', remaining: 0, dryRun: false });
    expect(first.messages).toMatchObject([{ id: `${INTAKE.name}/0/0/1`, status: 'handled' }]);
    const second = await world.result('ops.replay-dead-letter', { id: uuidOf(letter?.id) });
    expect(second).toMatchObject({ effect: 'nothing', messages: [] });
    expect(second.detail).toBe(
      'it was replayed at 2026-11-23T12:00:00.000Z by night shift (k-ops): mended at 02:10',
    );
    expect(world.effects).toEqual([1, 2, 3]);
    expect(await world.audit()).toEqual([
      {
        ...{ action: 'replay-dead-letter', target: uuidOf(letter?.id), actor: 'k-ops' },
        ...{ operator: 'night shift', reason: 'mended at 02:10', effect: 'applied', detail: '1 done' },
      },
    ]);
  });

  it('that fails again stays open, with one attempt more and nothing of what it wrote', async () => {
    broken.add(2);
    const world = await setAside(2);
    const [letter] = await world.letters();
    const failed = await world.result('ops.replay-dead-letter', { id: uuidOf(letter?.id) });
    expect(failed).toMatchObject({ effect: 'failed', remaining: 1 });
    expect(failed.detail).toBe('it failed again: Error: invalid input syntax');
    expect(await world.letters('open')).toMatchObject([
      { attempts: 1, error: 'Error: invalid input syntax' },
    ]);
    expect(world.effects).toEqual([]);
  });

  it('is previewed without a trace', async () => {
    broken.add(2);
    const world = await setAside(2);
    broken.clear();
    const [letter] = await world.letters();
    const order = world.order('ops.replay-dead-letter', { id: uuidOf(letter?.id) });
    const { resource } = await world.bus.operate.preview(order);
    expect(resource).toMatchObject({ dryRun: true, effect: 'applied', detail: '1 done' });
    expect(world.effects).toEqual([]);
    expect(await world.letters('open')).toHaveLength(1);
    expect(await world.bus.outcome(order.commandId)).toBeNull();
    expect(await world.audit()).toEqual([]);
  });

  it('that was discarded stays there, and is not replayed any more', async () => {
    broken.add(2);
    const world = await setAside(2);
    const [letter] = await world.letters();
    expect(await world.result('ops.discard-dead-letter', { id: uuidOf(letter?.id) })).toMatchObject({
      effect: 'applied',
    });
    broken.clear();
    expect(await world.result('ops.replay-dead-letter', { id: uuidOf(letter?.id) })).toMatchObject({
      effect: 'nothing',
    });
    expect(await world.letters('discarded')).toMatchObject([
      { endedBy: 'night shift (k-ops)', endedReason: 'mended at 02:10' },
    ]);
    expect(world.effects).toEqual([]);
  });

  it('of a command without a handler ends the waiting of its sender when it is discarded', async () => {
    const world = await open();
    await world.send(aCommand(1, { type: 'test.unknown' }));
    await until(async () => (await world.letters()).length > 0);
    expect(await world.bus.outcome(uuid(1))).toMatchObject({ status: 'parked' });
    const [letter] = await world.letters();
    await world.tell('ops.discard-dead-letter', { id: uuidOf(letter?.id) });
    expect(await world.bus.outcome(uuid(1))).toMatchObject({
      status: 'refused',
      refusal: { code: 'OPS_DISCARDED', detail: 'An operator discarded it: mended at 02:10' },
    });
  });

  it('that still cannot be read stays open and says why', async () => {
    const world = await open();
    await world.log.publish(INTAKE, [
      { ...streamRecord(INTAKE, 'a', 1), value: Buffer.from('[1, 2'), headers: {} },
    ]);
    await until(async () => (await world.letters()).length > 0);
    const [letter] = await world.letters();
    expect(letter).toMatchObject({ item: null });
    expect(await world.result('ops.replay-dead-letter', { id: uuidOf(letter?.id) })).toMatchObject({
      effect: 'failed',
      detail: expect.stringContaining('it still cannot be read'),
    });
  });

  it('that holds a whole record is done but for the items at fault, which get letters of their own', async () => {
    const world = await open();
    const store = memoryBusStore(world.tables);
    const group = `linli.test.${INTAKE.name}`;
    const at = new Date('2026-11-23T11:00:00Z');
    const letter = { group, topic: INTAKE.name, partition: 0, offset: 7, index: -1, key: null, headers: {} };
    await store.transaction('http', (tx) =>
      store.deadLetters.add(tx, [
        { ...letter, raw: Buffer.from('[1, 2, 3]'), error: 'it ended the process', at, appendedAt: at },
      ]),
    );
    broken.add(2);
    const [whole] = await world.letters();
    expect(await world.result('ops.replay-dead-letter', { id: uuidOf(whole?.id) })).toMatchObject({
      ...{ effect: 'partly', remaining: 1 },
      detail: '2 of 3 done; the others have dead letters of their own now',
    });
    expect(world.effects).toEqual([1, 3]);
    expect(await world.letters('replayed')).toMatchObject([{ item: null, offset: 7 }]);
    expect(await world.letters('open')).toMatchObject([{ item: 1, offset: 7 }]);
  });

  it('that is not there is nothing to do, and only operators may ask', async () => {
    const world = await open();
    expect(await world.result('ops.replay-dead-letter', { id: uuid(404) })).toMatchObject({
      effect: 'nothing',
    });
    const key = { tenant: 'default', keyId: 'k', name: 'k', areas: null };
    for (const principal of [
      { ...key, scopes: ['risk:write' as const] },
      { ...key, scopes: ['ops' as const], areas: ['330106'] },
    ])
      expect(await world.tell('ops.replay-dead-letter', { id: uuid(404) }, { principal })).toMatchObject({
        status: 'refused',
        refusal: { code: 'OPS_FORBIDDEN' },
      });
  });
});

describe('a parked key', () => {
  const parked = async (): Promise<{ world: World; id: string }> => {
    broken.add(1);
    const world = await open();
    await world.send(aCommand(1), aCommand(2), aCommand(3));
    await until(async () => (await world.bus.outcome(uuid(3))) !== null);
    const [key] = (await world.bus.operate.parkedKeys({ after: 0, limit: 10 })).items;
    expect(key).toMatchObject({
      key: uuid(900),
      waiting: 3,
      topic: COMMANDS.name,
      partition: 0,
      attempts: 1,
    });
    return { world, id: uuidOf(key?.id) };
  };

  it('shows what waits, in order', async () => {
    const { world, id } = await parked();
    expect((await world.bus.operate.parkedKey(id))?.messages).toMatchObject([
      { id: uuid(1), type: 'test.do', offset: 0 },
      { id: uuid(2), type: 'test.do', offset: 1 },
      { id: uuid(3), type: 'test.do', offset: 2 },
    ]);
  });

  it('is released in order, also with commands of the same key right before and behind the release', async () => {
    const { world, id } = await parked();
    broken.clear();
    const release = world.order('ops.release-key', { id });
    await world.send(aCommand(4), release, aCommand(5), aCommand(6));
    await world.bus.waitForOutcome(uuid(6), 10_000);
    const facts = async () => (await world.bus.timeline('yuhang', uuid(900))).map(({ data }) => data);
    await until(async () => (await facts()).length === 6);
    expect(world.effects).toEqual([1, 2, 3, 4, 5, 6]);
    const journal = await world.bus.journalSlice(FACTS.name, 0, 1, 10);
    expect(journal.map(({ data }) => (data as { n: number }).n)).toEqual([1, 2, 3, 4, 5, 6]);
    expect((await world.bus.outcome(release.commandId))?.resource).toMatchObject({
      effect: 'applied',
      detail: '4 done; the key is free',
    });
    expect(await world.result('ops.release-key', { id })).toMatchObject({ effect: 'nothing' });
  });

  it('stays parked from the one that fails again, and says which', async () => {
    const { world, id } = await parked();
    broken.clear();
    broken.add(2);
    expect(await world.result('ops.release-key', { id })).toMatchObject({
      effect: 'failed',
      detail: '1 done, then test.do failed again: Error: invalid input syntax',
      remaining: 2,
    });
    expect(world.effects).toEqual([1]);
    expect(await world.bus.operate.parkedKey(id)).toMatchObject({ attempts: 2, waiting: 2 });
  });

  it('goes on behind its first command once that is discarded, which is a recorded refusal', async () => {
    const { world, id } = await parked();
    const told = await world.result('ops.discard-first', { id });
    expect(told).toMatchObject({ effect: 'applied', remaining: 0 });
    expect(told.messages.map(({ status }) => status)).toEqual(['discarded', 'done', 'done']);
    expect(await world.bus.outcome(uuid(1))).toMatchObject({
      status: 'refused',
      refusal: { code: 'OPS_DISCARDED' },
    });
    expect(world.effects).toEqual([2, 3]);
    expect(await world.audit()).toMatchObject([{ action: 'discard-first', reason: 'mended at 02:10' }]);
  });
});

describe('a halted partition', () => {
  it('is resumed by hand and goes on by itself', async () => {
    const world = await open();
    await world.send(aCommand(1, { version: 2 }), aCommand(2));
    const partitions = async () =>
      (await world.bus.operate.partitions()).filter(({ topic }) => topic === COMMANDS.name);
    await until(async () => (await partitions())[0]?.haltedAt != null);
    expect(await partitions()).toMatchObject([
      { next: 0, high: 2, lag: 2, halted: expect.stringContaining('version 2') },
    ]);
    const place = { topic: COMMANDS.name, partition: 0 };
    const beyond = world.order('ops.resume-partition', { ...place, position: 9 });
    expect(await world.bus.operate.runByHand(beyond)).toMatchObject({
      status: 'refused',
      refusal: { code: 'OPS_POSITION_OUTSIDE', detail: 'The log holds 0 to 2; name a position there.' },
    });
    const resume = world.order('ops.resume-partition', { ...place, position: 1 });
    const done = await world.bus.operate.runByHand(resume);
    expect(done.resource).toMatchObject({
      effect: 'applied',
      detail: 'goes on from 1: records 0 to 0 are passed over',
    });
    expect(await world.bus.operate.runByHand(resume)).toEqual(done);
    expect(await world.bus.waitForOutcome(uuid(2), 10_000)).toMatchObject({ status: 'done' });
    expect(await partitions()).toMatchObject([{ next: 2, lag: 0, halted: null }]);
    expect(await world.audit()).toMatchObject([{ action: 'resume-partition', target: `${COMMANDS.name}/0` }]);
  });
});
