import 'reflect-metadata';
import { createHmac } from 'node:crypto';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  busMigrations,
  CommandHandler,
  macSigner,
  memoryLog,
  openBus,
  type Answer,
  type Bus,
  type Handling,
} from '@linli/bus';
import { DeadlineReached, type Command, type TopicSpec } from '@linli/contracts';
import { systemClock, systemIds, systemTimers, type Timers } from '@linli/kernel';
import { startRedis, type RedisStack } from '@linli/stack';
import { openDatabase, type Database, type Transaction } from '@linli/store';
import { embeddedDatabase, eventually, unlessUnavailable } from '@linli/testing';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import type { Alarm } from './alarm/alarm.js';
import { bullmqAlarm } from './alarm/bullmq-alarm.js';
import { timerAlarm } from './alarm/timer-alarm.js';
import { backlogOf } from './firing/backlog.js';
import { Ladder } from './ladder/ladder.js';
import type { NewDeadline } from './ledger/arm.js';
import { MemoryCalendars } from './ledger/calendars.js';
import { aNewDeadline, calendar, uuid } from './ledger/ledger.fixture.js';
import { openDeadlines, type DeadlineOptions, type Deadlines } from './open-deadlines.js';
import { deadlineMigrations } from './store/postgres/migrations.js';
import { postgresDeadlineStore } from './store/postgres/postgres-deadlines.js';

const COMMANDS: TopicSpec = { name: 'spec.commands.v1', partitions: 4, holds: 'commands' };
const signer = macSigner((text) => createHmac('sha256', 'a key for specs').update(text).digest());
const logger = pino({ level: 'silent' });
const note = { by: 'spec', reason: 'a spec' };
const short: NewDeadline['budget'] = { basis: 'wall', amount: 1, unit: 'minutes' };
const MINUTE = 60_000;

let deadlines: Deadlines<Transaction>;

/** The aggregate: keeps what it heard of its deadlines, once a command. */
@Controller()
class Heard {
  @CommandHandler('spec.reach-deadline')
  async hear(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
    const firing = DeadlineReached.parse(command.data);
    const deadline = await deadlines.reached(handling, command.tenant, firing);
    await handling.tx.execute(
      'insert into heard (id, rung, counts, heard_at) values ($1, $2, $3, clock_timestamp())',
      [firing.deadlineId, firing.name, deadline !== null],
    );
    return { resource: null, version: 1 };
  }
}

/** Null where no Redis can be had. */
const found = await unlessUnavailable(startRedis);
let server: Awaited<ReturnType<typeof embeddedDatabase>>;
let database: Database;
const closing: (() => Promise<unknown>)[] = [];

const openStore = async (): Promise<Database> => {
  const migrations = [...busMigrations, ...deadlineMigrations];
  return openDatabase({ url: server.url, schema: 'spec', migrations, allowUnsafe: true });
};

beforeAll(async () => {
  server = await embeddedDatabase();
  database = await openStore();
  await database
    .connection('http')
    .execute('create table heard (id uuid, rung text, counts boolean, heard_at timestamptz)');
});
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});
afterAll(async () => {
  await database.close();
  await server.stop();
});
beforeEach(async () => {
  await database
    .connection('http')
    .execute(
      'truncate heard, deadline, deadline_change, deadline_firing, fact_new, stream, journal, outcome, progress',
    );
});

const startBus = async (): Promise<Bus> => {
  const log = memoryLog({ clock: systemClock });
  const bus = await openBus({
    ...{ service: 'spec', database, log, clock: systemClock, ids: systemIds, signer, logger },
    consumes: [{ topic: COMMANDS, kind: 'commands' }],
    tells: [COMMANDS],
  });
  const module = await Test.createTestingModule({ controllers: [Heard] }).compile();
  const app = module.createNestMicroservice({ strategy: bus.strategy, logger: false });
  await app.listen();
  closing.push(async () => {
    await bus.close();
    await app.close();
    await log.close();
  });
  return bus;
};

const ladder = Ladder.parse({
  clock: 'K_HANDLE',
  rungs: [
    { name: 'half', at: { percent: 50 } },
    { name: 'due', at: 'due' },
  ],
});

const open = (bus: Bus, on: Database = database, more: Partial<DeadlineOptions<Transaction>> = {}) => {
  const failures: unknown[] = [];
  const opened = openDeadlines({
    ...{ topic: COMMANDS.name, type: 'spec.reach-deadline', store: postgresDeadlineStore(on) },
    calendars: new MemoryCalendars().add('city', calendar),
    send: (tx, commands) => bus.send(tx, commands),
    backlog: backlogOf(bus, COMMANDS),
    ...{ alarm: silentAlarm(), clocks: { K_HANDLE: 'none' }, ladders: [ladder] },
    watch: { taken: () => undefined, failed: (_what, error) => void failures.push(error) },
    ...more,
  });
  closing.push(() => opened.close());
  return { opened, failures };
};

/** Loops that never take a turn. */
const noSweeps: Timers = { ...systemTimers, after: () => () => undefined };

/** An alarm that nobody hears: the sweepers are alone. */
const silentAlarm = (): Alarm => ({
  set: () => undefined,
  start: () => undefined,
  faults: () => ({ lost: 0, last: null }),
  close: () => Promise.resolve(),
});

/** Arms deadlines of which the due time is so many milliseconds away, as one command handler would. */
const armDue = async (inMs: readonly number[], from = 1): Promise<void> => {
  const [{ now } = { now: 0 }] = await database
    .connection('http')
    .query<{ now: number }>('select (extract(epoch from clock_timestamp()) * 1000)::float8 as now');
  const wanted = inMs.map((ms, n) =>
    aNewDeadline({
      id: uuid(from + n),
      aggregateId: uuid(5_000 + from + n),
      budget: short,
      from: Math.floor(now) + ms - MINUTE,
    }),
  );
  await database.transaction('http', (tx) =>
    deadlines.arm({ tx, appendedAt: new Date(), afterCommit: (work) => setTimeout(work, 0) }, wanted, note),
  );
};

const heardCount = async (): Promise<number> => {
  const [row] = await database.connection('http').query<{ n: number }>('select count(*) as n from heard');
  return row?.n ?? 0;
};

interface Fired {
  readonly fired: number;
  readonly twice: number;
  readonly early: number;
  readonly worst: number;
  readonly p99: number;
  readonly heard: number;
  readonly heardTwice: number;
}

/** What became of `rung` of all deadlines, by the database's clock. */
const tally = async (rung: string): Promise<Fired> => {
  const [row] = await database.connection('http').query<Fired>(
    `select count(*) as fired, count(*) - count(distinct deadline_id) as twice,
       count(*) filter (where claimed_at < at) as early,
       max(extract(epoch from claimed_at - at))::float8 as worst,
       percentile_cont(0.99) within group (order by extract(epoch from claimed_at - at))::float8 as p99,
       (select count(*) from heard where heard.rung = $1 and counts) as heard,
       (select count(*) - count(distinct id) from heard where heard.rung = $1) as "heardTwice"
     from deadline_firing where name = $1`,
    [rung],
  );
  return row as Fired;
};

const spread = (count: number, fromMs: number, toMs: number): number[] =>
  Array.from({ length: count }, (_, n) => fromMs + ((toMs - fromMs) * n) / count);

const all = (count: number, withinMs: number) =>
  eventually(async () => (await heardCount()) >= count, { withinMs, everyMs: 100, what: `${count} firings` });

describe('deadlines that fire', () => {
  it('each once, never early and in time, with two sweepers and nothing to wake them', async () => {
    const bus = await startBus();
    deadlines = open(bus).opened;
    const other = await openStore();
    closing.push(() => other.close());
    open(bus, other);
    await armDue(spread(500, 500, 6_000));
    await all(1_000, 60_000);
    for (const rung of ['half', 'due']) {
      expect(await tally(rung)).toMatchObject({ fired: 500, twice: 0, early: 0, heard: 500, heardTwice: 0 });
    }
    expect((await tally('due')).p99).toBeLessThan(5);
    expect(await deadlines.figures()).toMatchObject({ armed: 0, overdue: 0, undecided: 0 });
    const states = await database.connection('http').query('select distinct state, next_at from deadline');
    expect(states).toEqual([{ state: 'fired', next_at: null }]);
  });

  it('at once and oldest first after nobody swept for a while', async () => {
    const bus = await startBus();
    deadlines = open(bus, database, { timers: noSweeps }).opened;
    await armDue(spread(700, -50_000, -1_000));
    expect((await deadlines.figures()).overdue).toBeGreaterThan(600);
    open(bus);
    await all(1_400, 60_000);
    const order = await database
      .connection('http')
      .query<{ at: Date }>(`select at from deadline_firing order by claimed_at, at`);
    const times = order.map(({ at }) => at.getTime());
    expect(times.slice(0, 500)).toEqual(times.slice(0, 500).toSorted((a, b) => a - b));
    expect(await tally('due')).toMatchObject({ fired: 700, twice: 0, heard: 700, heardTwice: 0 });
  });

  it('in time beside a sweeper that was stopped inside of its transaction, which then does nothing twice', async () => {
    const bus = await startBus();
    const frozen = await openStore();
    let wake = (): void => undefined;
    const asleep = new Promise<void>((resolve) => (wake = resolve));
    let claimed = 0;
    const stopped = open(bus, frozen, {
      send: async (tx, commands) => {
        claimed += commands.length;
        if (commands.length > 0) await asleep;
        return bus.send(tx, commands);
      },
    });
    closing.push(() => frozen.close());
    deadlines = stopped.opened;
    await armDue(spread(100, 0, 1));
    await eventually(() => claimed > 0);
    deadlines = open(bus).opened;
    await all(200, 30_000);
    wake();
    await eventually(() => stopped.failures.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const due = await tally('due');
    expect(due).toMatchObject({ fired: 100, twice: 0, early: 0, heard: 100, heardTwice: 0 });
    expect(due.worst).toBeLessThan(5);
  });

  it('not at all when they ended before', async () => {
    const bus = await startBus();
    deadlines = open(bus).opened;
    await armDue([20_000, 3_000]);
    await all(2, 10_000);
    const ended = await database.transaction('http', (tx) => {
      const handling = { tx, appendedAt: new Date(), afterCommit: () => undefined };
      return deadlines.amend(handling, 'yuhang', [uuid(1)], { kind: 'end' }, note);
    });
    expect(ended).toMatchObject({ deadlines: [{ state: 'cancelled' }] });
    await all(3, 10_000);
    const rows = await database
      .connection('http')
      .query(`select name, state from deadline join deadline_firing on id = deadline_id order by id, rung`);
    expect(rows).toEqual([
      { name: 'half', state: 'cancelled' },
      { name: 'half', state: 'fired' },
      { name: 'due', state: 'fired' },
    ]);
  });

  it('as soon as the alarm rings, without waiting for a sweep', async () => {
    const bus = await startBus();
    deadlines = open(bus, database, { alarm: timerAlarm(), timers: noSweeps }).opened;
    await armDue([700, 800, 900, 1_000]);
    await eventually(async () => (await tally('half')).fired === 4);
    await eventually(async () => (await tally('due')).fired === 4);
    expect(await tally('due')).toMatchObject({ fired: 4, early: 0 });
    expect((await tally('due')).worst).toBeLessThan(1);
  });

  it('no faster than the commands are handled', async () => {
    const bus = await startBus();
    let asked = 0;
    deadlines = open(bus, database, { backlog: async () => ((asked += 1), 4_900) }).opened;
    await armDue(spread(650, -1_000, -500));
    await eventually(() => asked > 0);
    await all(1_300, 60_000);
    expect(asked).toBeGreaterThan(1);
    const sweeps = await database
      .connection('http')
      .query<{ n: number }>('select count(*) as n from deadline_firing group by xmin::text order by n desc');
    expect(sweeps[0]?.n).toBeLessThanOrEqual(500);
    expect(sweeps[1]?.n).toBeLessThanOrEqual(100);
  });

  it('are not opened with a ladder that can never do what it says', async () => {
    const bus = await startBus();
    expect(() => open(bus, database, { clocks: { K_SIGN: 'none' } })).toThrow(
      'deadlines cannot be opened: the ladder of K_HANDLE: there is no such clock (known: K_SIGN)',
    );
  });
});

(found ? describe : describe.skip)('deadlines with BullMQ for an alarm', () => {
  const redis = found as RedisStack;
  afterAll(() => redis.stop());

  it('each fire once, never early and in time, with Redis up, flushed, killed and back', async () => {
    const bus = await startBus();
    const alarm = await bullmqAlarm({ queue: 'sla-spec', redisUrl: redis.url });
    const second = await bullmqAlarm({ queue: 'sla-spec', redisUrl: redis.url });
    deadlines = open(bus, database, { alarm }).opened;
    const other = await openStore();
    closing.push(() => other.close());
    open(bus, other, { alarm: second });
    await armDue(spread(500, 1_000, 12_000));
    const admin = new Redis(redis.url);
    for (let n = 0; n < 20; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      await admin.flushall();
    }
    admin.disconnect();
    process.kill(redis.pid(), 'SIGKILL');
    await armDue(spread(100, 500, 3_000), 1_001);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    await redis.restart();
    await all(1_200, 90_000);
    for (const rung of ['half', 'due']) {
      expect(await tally(rung)).toMatchObject({ fired: 600, twice: 0, early: 0, heard: 600, heardTwice: 0 });
    }
    expect((await tally('due')).p99).toBeLessThan(5);
    expect((await deadlines.figures()).overdue).toBe(0);
    expect(alarm.faults().lost).toBeGreaterThan(0);
  });
});
