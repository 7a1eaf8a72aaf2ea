import type { Bus, BusState } from '@linli/bus';
import type { Clock } from '@linli/kernel';
import type { Database } from '@linli/store';
import { within } from '../within.js';

/** What a service is asked about itself: alive (restart it if not) and ready (send it requests). */
export interface Health {
  /** Reasons why it should be restarted. Other systems are never one. */
  live(): Promise<readonly string[]>;
  /** Reasons why it should get no requests now. */
  ready(): Promise<readonly string[]>;
  /** From now on not ready. */
  startDraining(): void;
}

export interface HealthParts {
  readonly database: Pick<Database, 'connection'>;
  readonly bus: Pick<Bus, 'state'> | null;
  /** The clock of the bus: it says when a partition moved last. */
  readonly clock: Clock;
  /** What else must answer; a reason for each that does not. */
  readonly waitsFor: () => Promise<readonly string[]>;
}

const ANSWER_MS = 1000;
const STUCK_MS = 60_000;

const reasonOf = (what: string, error: unknown): string =>
  `${what}: ${error instanceof Error ? error.message : String(error)}`;

const asked = async (what: string, work: () => Promise<readonly string[]>): Promise<readonly string[]> => {
  try {
    return await within(ANSWER_MS, work());
  } catch (error) {
    return [reasonOf(what, error)];
  }
};

/** A partition with work to do, not paused, that has not moved for a minute: the process itself is stuck. */
const stuckIn = (state: BusState, now: number): string[] =>
  state.consumers
    .filter(
      ({ next, high, halted, pausedSince, lastProgressAt }) =>
        next < high &&
        halted === null &&
        pausedSince === null &&
        lastProgressAt !== null &&
        now - lastProgressAt.getTime() > STUCK_MS,
    )
    .map(({ topic, partition, next }) => `${topic}/${partition} has not moved from ${next} for a minute`);

const haltedIn = (state: BusState): string[] =>
  state.consumers
    .filter(({ halted }) => halted !== null)
    .map(({ topic, partition, halted }) => `${topic}/${partition} halted: ${halted}`);

export const healthOf = ({ database, bus, clock, waitsFor }: HealthParts): Health => {
  let draining = false;
  return {
    async live() {
      try {
        return bus ? stuckIn(await within(ANSWER_MS, bus.state()), clock.now().getTime()) : [];
      } catch {
        // The state needs the database; that it is away is no reason to restart.
        return [];
      }
    },
    async ready() {
      const reasons = await Promise.all([
        asked('database', async () => {
          await database.connection('http').query('select 1');
          return [];
        }),
        asked('bus', async () => (bus ? haltedIn(await bus.state()) : [])),
        asked('dependencies', waitsFor),
      ]);
      return [...(draining ? ['draining'] : []), ...reasons.flat()];
    },
    startDraining() {
      draining = true;
    },
  };
};
