import type { NewCommand } from '@linli/bus';
import {
  calendarsFrom,
  openDeadlines,
  postgresCalendarStore,
  postgresDeadlineStore,
  WorkingCalendars,
  type Alarm,
  type Deadlines,
  type Ring,
} from '@linli/deadlines';
import { systemTimers, type Timers } from '@linli/kernel';
import type { Database, Transaction } from '@linli/store';
import { warningClocks } from './deadlines/ladders.js';

/** Deadlines on a real database, whose time is the world's and passes only when it is told to. */
export interface FastDeadlines {
  readonly deadlines: Deadlines<Transaction>;
  /** Lets a transaction know what the time is. */
  tell(tx: Transaction): Promise<unknown>;
  /** The next rung up to an instant. */
  next(until: number): Promise<{ readonly id: string; readonly at: number } | null>;
  ring(id: string): Promise<unknown>;
}

const SETTING = 'spec.now';
const CLOCK = `coalesce(nullif(current_setting('${SETTING}', true), ''), '2000-01-01')::timestamptz`;
/** Loops that never take a turn. */
const standing: Timers = { ...systemTimers, after: () => () => undefined };

export const deadlinesInSpecs = (
  database: Database,
  now: () => number,
  post: (commands: readonly NewCommand[]) => void,
): FastDeadlines => {
  const tell = (tx: Transaction) =>
    tx.execute(`select set_config('${SETTING}', $1, true)`, [new Date(now()).toISOString()]);
  const told: Database = Object.assign(Object.create(database) as Database, {
    transaction: <T>(pool: Parameters<Database['transaction']>[0], work: (tx: Transaction) => Promise<T>) =>
      database.transaction(pool, async (tx) => {
        await tell(tx);
        return work(tx);
      }),
  });
  let ringing: Ring = () => Promise.resolve(null);
  const alarm: Alarm = {
    set: () => undefined,
    start: (ring) => void (ringing = ring),
    faults: () => ({ lost: 0, last: null }),
    close: () => Promise.resolve(),
  };
  const { topic, type, clocks, ladders } = warningClocks;
  const deadlines = openDeadlines({
    ...{ topic: topic.name, type, clocks, ladders, alarm, timers: standing },
    store: postgresDeadlineStore(told, () => CLOCK),
    calendars: calendarsFrom(new WorkingCalendars(postgresCalendarStore)),
    send: (_tx, commands) => Promise.resolve(() => post(commands)),
  });
  return {
    ...{ deadlines, tell },
    async next(until) {
      const [found] = await database
        .connection('http')
        .query<{ id: string; next_at: Date }>(
          'select id, next_at from deadline where next_at <= $1 order by next_at, id limit 1',
          [new Date(until)],
        );
      return found ? { id: found.id, at: found.next_at.getTime() } : null;
    },
    ring: (id) => ringing(id),
  };
};
