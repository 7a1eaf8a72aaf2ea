import { busMigrations, kafkaLog, macSigner, openBus, type Bus } from '@linli/bus';
import type { Budget, TopicSpec } from '@linli/contracts';
import {
  calendarMigrations,
  calendarsFrom,
  deadlineMigrations,
  Ladder,
  openDeadlines,
  postgresCalendarStore,
  postgresDeadlineStore,
  timerAlarm,
  WorkingCalendars,
  type Deadlines,
  type DeadlineStore,
  type DeadlineWatch,
  type NewDeadline,
} from '@linli/deadlines';
import { HOUR, MINUTE, systemClock, systemIds, systemTimers, type Timers } from '@linli/kernel';
import { openDatabase, type Database, type Transaction } from '@linli/store';
import type { Stack } from '@linli/stack';
import { randomUUID } from 'node:crypto';
import { pino } from 'pino';

export const SCHEMA = 'ledger';
/** As many as a calm command topic hands to one transaction. */
export const CHUNK = 500;
const TENANT = 'bench';
const COMMANDS: TopicSpec = { name: 'bench.commands.v1', partitions: 4, holds: 'commands' };

/** What districts arm: a ladder of five rungs over office days, whole days, or hours. */
const LONG = 'K_HANDLE';
/** Due once, and nothing else. */
const ONCE = 'K_ONCE';
const ladder = Ladder.parse({
  clock: LONG,
  top: 2,
  rungs: [
    { name: 'half', at: { percent: 50 } },
    { name: 'most', at: { percent: 80 } },
    { name: 'due', at: 'due' },
    { name: 'yellow', at: { percent: 120 }, level: 1 },
    { name: 'red', at: { percent: 150 }, level: 2 },
  ],
});
const budgets: readonly Budget[] = [
  { basis: 'working', amount: 15, unit: 'days' },
  { basis: 'working', amount: 40, unit: 'hours' },
  { basis: 'calendar', amount: 60, unit: 'days' },
  { basis: 'wall', amount: 24, unit: 'hours' },
];

const noSweeps: Timers = { ...systemTimers, after: () => () => undefined };
const note = { by: 'bench', reason: 'bench' };

const one = (more: Pick<NewDeadline, 'clock' | 'budget' | 'from'>): NewDeadline => ({
  ...{ id: randomUUID(), aggregateId: randomUUID(), tenant: TENANT, area: '330106003012', unit: 'housing' },
  ...{ calendar: 'default', ...more },
});

/** A service with deadlines in this process, as services have them, on a real PostgreSQL and Kafka. */
export class Ledger {
  private armed = 0;

  private constructor(
    readonly database: Database,
    private readonly bus: Bus,
    readonly store: DeadlineStore<Transaction>,
    private readonly deadlines: Deadlines<Transaction>,
  ) {}

  static async open({ env }: Pick<Stack, 'env'>): Promise<Ledger> {
    const migrations = [...busMigrations, ...calendarMigrations, ...deadlineMigrations];
    const database = await openDatabase({ url: env.DATABASE_URL, schema: SCHEMA, migrations });
    const logger = pino({ level: 'silent' });
    const bus = await openBus({
      ...{ service: SCHEMA, database, logger, clock: systemClock, ids: systemIds },
      log: kafkaLog({ brokers: env.KAFKA_BROKERS.split(','), clientId: 'bench', logger }),
      ...{ signer: macSigner((text) => Buffer.from(String(text.length))), consumes: [], tells: [COMMANDS] },
    });
    const store = postgresDeadlineStore(database);
    return new Ledger(database, bus, store, opened(bus, store, noSweeps));
  }

  /** Arms deadlines that lie far ahead, in one transaction; answers their ids. */
  armLong(count = CHUNK): Promise<string[]> {
    const now = Date.now();
    return this.arm(
      Array.from({ length: count }, (_, n) => {
        const budget = budgets[(this.armed + n) % budgets.length] ?? budgets[0];
        if (!budget) throw new Error('no budgets');
        return one({ clock: LONG, budget, from: now - Math.floor(Math.random() * 4 * HOUR) });
      }),
    );
  }

  /** Arms deadlines that are due now. */
  armDue(count: number): Promise<string[]> {
    const from = Date.now() - MINUTE;
    const budget: Budget = { basis: 'wall', amount: 1, unit: 'minutes' };
    return this.arm(Array.from({ length: count }, () => one({ clock: ONCE, budget, from })));
  }

  /** Stands still for ten minutes. */
  async pause(ids: readonly string[]): Promise<void> {
    await this.database.transaction('http', (tx) =>
      this.deadlines.amend(
        this.handling(tx),
        TENANT,
        ids,
        { kind: 'pause', until: Date.now() + 10 * MINUTE },
        note,
      ),
    );
  }

  async explain(id: string): Promise<void> {
    const tx = this.database.connection('http');
    const explained = await this.deadlines.explain(tx, TENANT, id, new Date());
    if (!explained || explained.intervals.length === 0) throw new Error(`nothing explains ${id}`);
  }

  /** Begins to fire, with timers for alarms. */
  sweep(watch: DeadlineWatch): Deadlines<Transaction> {
    return opened(this.bus, this.store, systemTimers, watch);
  }

  /** Whether all that was told has been sent. */
  async isSent(): Promise<boolean> {
    const { unstamped, unpublished } = await this.bus.state();
    return unstamped + unpublished === 0;
  }

  async close(): Promise<void> {
    await this.deadlines.close();
    await this.bus.close();
    await this.database.close();
  }

  private async arm(wanted: readonly NewDeadline[]): Promise<string[]> {
    const done = await this.database.transaction('http', (tx) =>
      this.deadlines.arm(this.handling(tx), wanted, note),
    );
    if ('refusal' in done) throw new Error(done.refusal.detail);
    this.armed += wanted.length;
    return wanted.map(({ id }) => id);
  }

  private handling(tx: Transaction) {
    return { tx, appendedAt: new Date(), afterCommit: (work: () => void) => void setImmediate(work) };
  }
}

const opened = (
  bus: Bus,
  store: DeadlineStore<Transaction>,
  timers: Timers,
  watch?: DeadlineWatch,
): Deadlines<Transaction> =>
  openDeadlines<Transaction>({
    ...{ topic: COMMANDS.name, type: 'bench.reach-deadline', store, timers },
    calendars: calendarsFrom(new WorkingCalendars(postgresCalendarStore)),
    send: (tx, commands) => bus.send(tx, commands),
    ...{ alarm: timerAlarm(timers), clocks: { [LONG]: 'earlier', [ONCE]: 'none' }, ladders: [ladder] },
    ...(watch && { watch }),
  });
