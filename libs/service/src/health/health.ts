import type { Bus, BusState } from '@linli/bus';
import { within, type Clock } from '@linli/kernel';
import type { Database } from '@linli/store';

/** What a service is asked about itself: alive (restart it if not) and ready (send it requests). */
export interface Health {
  /** Reasons why it should be restarted. Other systems are never one. */
  live(): Promise<readonly string[]>;
  /** Reasons why it should get no requests now. */
  ready(): Promise<readonly string[]>;
  readonly draining: boolean;
  /** From now on not ready. */
  startDraining(): void;
}

export interface HealthParts {
  readonly database: Pick<Database, 'connection'>;
  readonly bus: Pick<Bus, 'state'> | null;
  /** The clock of the bus: it says when a partition moved last. */
  readonly clock: Clock;
  /** Rejects while the log is away. */
  readonly askLog: () => Promise<unknown>;
  /** What else must answer; a reason for each that does not. */
  readonly waitsFor: () => Promise<readonly string[]>;
}

const ANSWER_MS = 1000;
const STUCK_MS = 60_000;
/** Longer than any rebalance: session time-out, rebalance time-out and the pauses of a consumer made anew. */
const JOIN_MS = 120_000;
/** The relay sends within a second; it rests ten at most after a fault. */
const UNSENT_MS = 30_000;

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

const joiningIn = (state: BusState): string[] => state.joining.map((topic) => `${topic} is not consumed yet`);

/** Remembers since when something has been the same. */
class Since<T> {
  private seen: { readonly value: T; readonly at: number } | null = null;

  /** For how long it has been this. */
  note(value: T, now: number): number {
    if (!this.seen || this.seen.value !== value) this.seen = { value, at: now };
    return now - this.seen.at;
  }
}

/** Old facts that leave one after another are a backlog; an old one that stays at the head is stuck. */
const watchingRelay = () => {
  const head = new Since<number | undefined>();
  return ({ unsentSince }: BusState, now: number): string[] => {
    const unmoved = head.note(unsentSince?.getTime(), now);
    if (unsentSince === null || unmoved < UNSENT_MS) return [];
    const seconds = Math.round((now - unsentSince.getTime()) / 1000);
    return [`the journal has not been sent on for ${Math.max(seconds, Math.round(unmoved / 1000))} s`];
  };
};

/** A group that cannot be joined though the log answers: only a new process helps. */
const watchingMembership = (askLog: HealthParts['askLog']) => {
  const joining = new Since<string>();
  return async (state: BusState, now: number): Promise<string[]> => {
    const unmoved = joining.note(state.joining.join(' '), now);
    if (state.joining.length === 0 || unmoved < JOIN_MS) return [];
    await askLog();
    return state.joining.map((topic) => `${topic} is not consumed, though the log answers`);
  };
};

export const healthOf = ({ database, bus, clock, askLog, waitsFor }: HealthParts): Health => {
  const relayStuck = watchingRelay();
  const unjoined = watchingMembership(askLog);
  const now = (): number => clock.now().getTime();
  let draining = false;
  const consuming = async (known: Pick<Bus, 'state'>): Promise<readonly string[]> => {
    const state = await known.state();
    return [...joiningIn(state), ...haltedIn(state), ...relayStuck(state, now())];
  };
  return {
    async live() {
      if (!bus || draining) return [];
      try {
        const state = await within(ANSWER_MS, bus.state());
        return [...stuckIn(state, now()), ...(await within(ANSWER_MS, unjoined(state, now())))];
      } catch {
        // The state needs the database, the group the log; that they are away is no reason to restart.
        return [];
      }
    },
    async ready() {
      if (draining) return ['draining'];
      const reasons = await Promise.all([
        asked('database', async () => {
          await database.connection('http').query('select 1');
          return [];
        }),
        asked('bus', async () => (bus ? consuming(bus) : [])),
        asked('log', async () => {
          await askLog();
          return [];
        }),
        asked('dependencies', waitsFor),
      ]);
      return reasons.flat();
    },
    get draining() {
      return draining;
    },
    startDraining() {
      draining = true;
    },
  };
};
