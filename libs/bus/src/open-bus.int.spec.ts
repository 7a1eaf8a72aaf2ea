import 'reflect-metadata';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Command, TopicSpec } from '@linli/contracts';
import { systemClock, systemIds } from '@linli/kernel';
import type { Database } from '@linli/store';
import { pino } from 'pino';
import type { Bus } from './bus.js';
import { aCommand, signer, uuid } from './consume/workbench.js';
import type { Answer, Handling, StreamItem } from './handling.js';
import type { Log } from './log/log.js';
import { memoryLog } from './log/memory/memory-log.js';
import { CommandHandler, StreamHandler } from './nest/decorators.js';
import { openBus } from './open-bus.js';
import { openSpecDatabase, type SpecDatabase } from './store/postgres/spec-database.js';
import { commandRecord } from './wire/command-record.js';
import { streamRecord } from './wire/stream-record.js';

const COMMANDS: TopicSpec = { name: 'int.commands.v1', partitions: 2, holds: 'commands' };
const INTAKE: TopicSpec = { name: 'int.intake.v1', partitions: 2, holds: 'intake' };
const FACTS: TopicSpec = { name: 'int.facts.v1', partitions: 2, holds: 'facts' };

@Controller()
class Effects {
  @CommandHandler('test.do')
  async do(@Payload() { data, aggregateId }: Command, @Ctx() handling: Handling): Promise<Answer> {
    const { n, sql } = data as { n: number; sql?: string };
    await handling.tx.execute('insert into effect (key, n) values ($1, $2)', [aggregateId, n]);
    if (sql) await handling.tx.query(sql);
    const fact = { topic: FACTS.name, type: 'linli.test.done.v1', tenant: 'yuhang', data: { n } };
    handling.tell({ ...fact, aggregateId, aggregateVersion: n });
    return { resource: { n }, version: n };
  }

  @StreamHandler(INTAKE)
  async take(@Payload() items: StreamItem<number>[], @Ctx() { tx }: Handling): Promise<void> {
    await tx.execute('insert into effect (key, n) select $1, unnest($2::int[])', [
      'stream',
      items.map(({ item }) => item),
    ]);
  }
}

let spec: SpecDatabase;
const opened: { close(): Promise<unknown> }[] = [];

beforeAll(async () => {
  spec = await openSpecDatabase();
  await spec.database
    .connection('http')
    .execute(
      'create table effect (id bigint generated always as identity, key text, n int check (n <> 9013))',
    );
});
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.close();
  const tables = [
    'effect',
    'progress',
    'outcome',
    'fact_new',
    'stream',
    'journal',
    'parked_key',
    'parked_message',
  ];
  await spec.database.connection('http').execute(`truncate ${tables.join(', ')}, dead_letter`);
});
afterAll(() => spec.close());

const start = async (database: Database, log: Log): Promise<Bus> => {
  const bus = await openBus({
    ...{ service: 'int', database, log, clock: systemClock, ids: systemIds, signer },
    consumes: [
      { topic: COMMANDS, kind: 'commands' },
      { topic: INTAKE, kind: 'stream' },
    ],
    tells: [FACTS],
    logger: pino({ level: 'silent' }),
  });
  const module = await Test.createTestingModule({ controllers: [Effects] }).compile();
  const app = module.createNestMicroservice({ strategy: bus.strategy, logger: false });
  opened.push({ close: () => Promise.all([bus.close(), app.close()]) });
  await app.listen();
  return bus;
};

const newLog = (): Log => {
  const log = memoryLog({ clock: systemClock });
  opened.push(log);
  return log;
};

const effectsOf = async (key: string): Promise<number[]> => {
  const rows = await spec.database
    .connection('http')
    .query<{ n: number }>('select n from effect where key = $1 order by id', [key]);
  return rows.map(({ n }) => n);
};

const fresh = (n: number, changes: Partial<Command> = {}): Command =>
  aCommand(n, { acceptedAt: new Date().toISOString(), notAfter: '2999-01-01T00:00:00Z', ...changes });

const publish = (log: Log, commands: readonly Command[]): Promise<void> =>
  log.publish(
    COMMANDS,
    commands.map((command) => commandRecord(command, COMMANDS, signer)),
  );

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, n) => from + n);

const until = async (ready: () => Promise<boolean>): Promise<void> => {
  while (!(await ready())) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('a bus on PostgreSQL', () => {
  it('leaves effect, outcome and published fact of each command once', async () => {
    const log = newLog();
    const bus = await start(spec.database, log);
    await publish(
      log,
      [...range(1, 300), ...range(1, 300)].map((n) => fresh(n, { aggregateId: uuid(900 + (n % 7)) })),
    );
    await until(async () => (await bus.state()).tally.duplicates === 300);
    await until(async () => (await bus.state()).unpublished === 0 && (await bus.state()).unstamped === 0);
    for (const key of range(0, 6)) {
      expect(await effectsOf(uuid(900 + key))).toEqual(range(1, 300).filter((n) => n % 7 === key));
    }
    expect(await bus.outcome(uuid(300))).toMatchObject({
      status: 'done',
      resource: { n: 300 },
      aggregateVersion: 300,
    });
    expect((await bus.end(FACTS)).reduce((sum, seq) => sum + seq, 0)).toBe(300);
    expect((await log.watermarks(FACTS)).reduce((sum, { high }) => sum + high, 0)).toBe(300);
  });

  it('sets one item aside that breaks a constraint, and no other', async () => {
    const log = newLog();
    const bus = await start(spec.database, log);
    await log.publish(INTAKE, [streamRecord(INTAKE, 'a', range(9001, 9100))]);
    await until(async () => (await bus.state()).deadLetters === 1);
    await until(async () => (await effectsOf('stream')).length === 99);
    expect(await effectsOf('stream')).toEqual(range(9001, 9100).filter((n) => n !== 9013));
    expect((await bus.state()).lastFault).toContain('effect_n_check');
  });

  it('parks a command whose statement fails for good, and tries one again whose connection was cut', async () => {
    const log = newLog();
    const bus = await start(spec.database, log);
    const slow = 'select pg_sleep(20) where not exists (select from effect where n = 77)';
    await publish(log, [
      fresh(1, { aggregateId: uuid(901), data: { n: 1, sql: 'select 1 / 0' } }),
      fresh(2, { aggregateId: uuid(902), data: { n: 2, sql: slow } }),
    ]);
    await until(async () => {
      await spec.cut();
      return (await bus.state()).tally.retries > 2;
    });
    expect(await bus.outcome(uuid(2))).toBeNull();
    await spec.database.connection('http').execute('insert into effect (key, n) values ($1, 77)', ['other']);
    expect(await bus.waitForOutcome(uuid(2), 10_000)).toMatchObject({ status: 'done' });
    expect(await bus.waitForOutcome(uuid(1), 10_000)).toMatchObject({ status: 'parked' });
    expect(await effectsOf(uuid(901))).toEqual([]);
    expect(await effectsOf(uuid(902))).toEqual([2]);
    expect(await bus.state()).toMatchObject({ parkedKeys: 1, deadLetters: 0 });
  });

  it('does not replay a parked key while somebody works on its partition', async () => {
    const log = newLog();
    const bus = await start(spec.database, log);
    const sql = 'select 1 / (select count(*) from effect where n = 78)';
    await publish(log, [fresh(1, { data: { n: 1, sql } })]);
    await until(async () => (await bus.state()).parkedKeys === 1);
    await spec.database.connection('http').execute('insert into effect (key, n) values ($1, 78)', ['other']);
    let released = false;
    const releasing = spec.database.transaction('http', async (tx) => {
      await tx.query('select from progress for update');
      const release = bus.releaseKey(uuid(900)).then((answer) => {
        released = true;
        return answer;
      });
      const waiting = 'select from pg_locks where not granted';
      await until(async () => released || (await tx.query(waiting)).length > 0);
      expect(released).toBe(false);
      return { release };
    });
    expect(await (await releasing).release).toEqual([{ replayed: 1, fault: null }]);
    expect(await effectsOf(uuid(900))).toEqual([1]);
  });

  it('has every effect once with two processes that both hold every partition', async () => {
    const shared = newLog();
    // Each gets a view of the log of its own, so that neither knows of the other: both are given all records.
    const alone = (name: string): Log => ({
      promises: shared.promises,
      provision: (topics) => shared.provision(topics),
      check: (topics) => shared.check(topics),
      publish: (topic, records) => shared.publish(topic, records),
      subscribe: (subscription) =>
        shared.subscribe({ ...subscription, group: `${subscription.group} ${name}` }),
      watermarks: (topic) => shared.watermarks(topic),
      readAt: (topic, partition, offset) => shared.readAt(topic, partition, offset),
      close: async () => undefined,
    });
    const one = await start(spec.database, alone('one'));
    const two = await start(await spec.another(), alone('two'));
    for (const first of range(0, 19)) {
      await publish(
        shared,
        range(first * 20 + 1, first * 20 + 20).map((n) => fresh(n, { aggregateId: uuid(900 + (n % 3)) })),
      );
    }
    await one.waitForOutcome(uuid(400), 20_000);
    await until(async () => (await one.end(FACTS)).reduce((sum, seq) => sum + seq, 0) === 400);
    for (const key of [0, 1, 2]) {
      expect(await effectsOf(uuid(900 + key))).toEqual(range(1, 400).filter((n) => n % 3 === key));
    }
    const conflicts = (await one.state()).tally.conflicts + (await two.state()).tally.conflicts;
    expect(conflicts).toBeGreaterThan(0);
  });
});
