import type { Deadline, LedgerEntry } from '../ledger/deadline.js';
import type { SlaReads } from './sla-reads.js';

/** A rung that was reached and taken: by one sweep, once. Instants in milliseconds, by the store's clock. */
export interface Claim {
  readonly deadlineId: string;
  readonly tenant: string;
  readonly aggregateId: string;
  readonly clock: string;
  readonly version: number;
  readonly round: number;
  readonly rung: number;
  readonly name: string;
  readonly level: number;
  /** When it was to be reached. */
  readonly at: number;
  readonly due: number | null;
  readonly claimedAt: number;
  /** When the next rung is reached, from now; null: none is in sight. */
  readonly nextInMs: number | null;
}

/** The next rung of a deadline, and in how many milliseconds it is reached. */
export interface Upcoming {
  readonly deadlineId: string;
  readonly version: number;
  readonly round: number;
  readonly rung: number;
  readonly inMs: number;
}

/** A deadline to be written over the version that was locked. */
export interface Saved {
  readonly deadline: Deadline;
  readonly before: number;
}

export interface Locked {
  /** By the store's clock, milliseconds. */
  readonly now: number;
  readonly deadlines: readonly Deadline[];
}

/** Deadlines that what changed in a calendar may move. */
export interface Reach {
  readonly tenant: string;
  readonly calendar: string;
  /** See `CalendarChange.units`. */
  readonly units: readonly string[];
  /** What changed lies at or after it, milliseconds. */
  readonly from: number;
  /** Only after this id, in the order of ids; `` from the beginning. */
  readonly after: string;
  readonly limit: number;
  /** Leaves out those that this version was weighed for. */
  readonly unseen?: string;
}

export interface DeadlineFigures {
  readonly armed: number;
  /** Rungs that should have been reached more than five seconds ago. Must be 0. */
  readonly overdue: number;
  /** How long the oldest of them has been waiting, milliseconds. */
  readonly overdueMs: number;
  /** Due for more than a minute, and the aggregate has not answered: its key may be parked. */
  readonly undecided: number;
  /** Open, and reaching into a year without a calendar. */
  readonly provisional: number;
}

/** Fires within this long of its time, or counts as overdue. */
export const FIRES_WITHIN_MS = 5_000;
export const DECIDES_WITHIN_MS = 60_000;

/** The rows of deadlines in a service's own database: the truth about them. Its clock is the only one. */
export interface DeadlineStore<Tx> {
  /** A short transaction of the sweeper. A process that stops within it loses its locks within two seconds. */
  sweep<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A transaction of a recomputation. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Single reads outside of a transaction. */
  reader(): Tx;

  /** Rejects when one of them is there already. */
  insert(tx: Tx, deadlines: readonly Deadline[]): Promise<void>;
  /** Those of a tenant that are there, in the order of ids, locked until the transaction ends. */
  lock(tx: Tx, tenant: string, ids: readonly string[]): Promise<Locked>;
  /** Replaces locked deadlines. Rejects when one of them is not at the version `before`. */
  save(tx: Tx, changed: readonly Saved[]): Promise<void>;
  /** Adds to the ledger. */
  record(tx: Tx, entries: readonly LedgerEntry[]): Promise<void>;

  find(tx: Tx, tenant: string, id: string): Promise<Deadline | null>;
  /** All of an aggregate, in the order in which they started. */
  of(tx: Tx, tenant: string, aggregateId: string): Promise<readonly Deadline[]>;
  /** What happened to a deadline, in order. */
  ledger(tx: Tx, id: string): Promise<readonly LedgerEntry[]>;

  /** Whether any rung is reached and not taken. */
  ripe(tx: Tx): Promise<boolean>;
  /** Takes reached rungs, one of each deadline at most, oldest first, leaving those that somebody else is taking. */
  claim(tx: Tx, limit: number, ids?: readonly string[]): Promise<readonly Claim[]>;
  /** Next rungs that are reached within a time and not yet, soonest first. */
  upcoming(tx: Tx, withinMs: number, limit: number): Promise<readonly Upcoming[]>;
  /** In how many milliseconds the next rungs of deadlines are reached, by their ids; absent: none is in sight. */
  remaining(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Which of these claims are there and still hold, in their order. */
  hold(tx: Tx, claims: readonly Pick<Claim, 'deadlineId' | 'round' | 'rung'>[]): Promise<readonly boolean[]>;
  /** Claims of these deadlines that lie ahead of their next rung hold no more. */
  annul(tx: Tx, deadlines: readonly Deadline[]): Promise<void>;
  /** The aggregates heard that these locked deadlines are due. */
  fired(tx: Tx, ids: readonly string[]): Promise<void>;

  /** Armed deadlines that a change of a calendar reaches; locked when `unseen` is given. */
  reached(tx: Tx, reach: Reach): Promise<Locked>;
  /** These were weighed by a version of their calendar. */
  seen(tx: Tx, ids: readonly string[], version: string): Promise<void>;

  figures(tx: Tx): Promise<DeadlineFigures>;

  readonly sla: SlaReads<Tx>;
}
