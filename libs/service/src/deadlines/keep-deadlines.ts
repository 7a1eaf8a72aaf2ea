import type { Bus } from '@linli/bus';
import type { TopicSpec } from '@linli/contracts';
import {
  backlogOf,
  calendarsFrom,
  openDeadlines,
  postgresDeadlineStore,
  timerAlarm,
  type Alarm,
  type DeadlineOptions,
  type Deadlines,
  type DeadlineWatch,
  type WorkingCalendars,
} from '@linli/deadlines';
import type { Clock } from '@linli/kernel';
import type { Database, Transaction } from '@linli/store';
import type { Logger } from 'pino';
import type { Meters } from '../metrics/process-metrics.js';
import { pacedAlarm, shownInSql } from '../pace/paced.js';

/** What a service says of the deadlines that it keeps: whose time each clock is, and what happens on the way. */
export interface KeepsDeadlines extends Pick<DeadlineOptions<Transaction>, 'clocks' | 'ladders'> {
  /** Its own command topic. */
  readonly topic: TopicSpec;
  /** `<service>.reach-deadline`, which it handles. */
  readonly type: string;
}

/** What deadlines stand on. */
export interface DeadlineGround {
  readonly service: string;
  readonly bus: Bus;
  readonly database: Database;
  readonly calendars: WorkingCalendars<Transaction>;
  readonly logger: Logger;
  readonly meters: Meters;
  readonly clock: Clock;
  /** Absent: timers of this process. */
  readonly alarm?: (service: string) => Promise<Alarm>;
}

const watching = ({ service, meters, logger }: DeadlineGround): DeadlineWatch => ({
  taken(claims) {
    for (const { at, claimedAt } of claims)
      meters.linli_deadline_firing_lateness_seconds.observe({ service }, (claimedAt - at) / 1000);
  },
  failed: (what, err) => logger.warn({ err }, `${what} failed; it is tried again`),
});

/**
 * Opens the ledger of a service on its own tables, lets imports of calendars move it, and begins to fire. Rejects a
 * ladder that can never do what it says, with the reason.
 */
export const keepDeadlines = async (
  { topic, type, clocks, ladders }: KeepsDeadlines,
  ground: DeadlineGround,
): Promise<Deadlines<Transaction>> => {
  const { service, bus, calendars, database, clock } = ground;
  const alarm = pacedAlarm(await (ground.alarm?.(service) ?? timerAlarm()), clock);
  try {
    const deadlines = openDeadlines({
      ...{ topic: topic.name, type, clocks, ladders, alarm },
      store: postgresDeadlineStore(database, shownInSql(clock)),
      calendars: calendarsFrom(calendars),
      send: (tx, commands) => bus.send(tx, commands),
      backlog: backlogOf(bus, topic),
      watch: watching(ground),
    });
    calendars.register(deadlines);
    return deadlines;
  } catch (error) {
    await alarm.close();
    throw error;
  }
};
