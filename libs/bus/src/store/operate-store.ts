import type { Place, DeadLetter, ParkedKey, ParkedMessage } from './stuck.js';

export type LetterState = 'open' | 'replayed' | 'discarded';

/** A dead letter with what became of it. It is never deleted while it is open, and 35 days longer. */
export interface StoredLetter extends DeadLetter {
  /** Order of arrival. */
  readonly n: number;
  readonly id: string;
  readonly state: LetterState;
  /** Replays that failed again. */
  readonly attempts: number;
  readonly endedAt: Date | null;
  readonly endedBy: string | null;
  readonly endedReason: string | null;
}

/** Fields that are absent are not asked for. */
export interface LetterFilter {
  readonly topic?: string | undefined;
  readonly state?: LetterState | undefined;
  readonly errorContains?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  readonly after: number;
  readonly limit: number;
}

export interface LetterEnd {
  readonly state: Exclude<LetterState, 'open'>;
  readonly at: Date;
  readonly by: string;
  readonly reason: string;
}

/** One parking of a key, with where its first message came from and how many wait. */
export interface Parking extends ParkedKey {
  readonly n: number;
  readonly id: string;
  readonly topic: string | null;
  readonly partition: number | null;
  readonly waiting: number;
}

/** What is known of one partition, whoever works on it. */
export interface PartitionRow {
  readonly partition: number;
  readonly next: number;
  readonly owner: string | null;
  readonly crashCount: number;
  readonly movedAt: Date | null;
  readonly halted: string | null;
  readonly haltedAt: Date | null;
}

/** The bus's rows as operators see and mend them. */
export interface OperateStore<Tx> {
  /**
   * Work inside of a transaction that may fail alone: what it wrote is taken back, the transaction goes on. For rare
   * work only, each costs a sub-transaction.
   */
  attempt<T>(tx: Tx, work: () => Promise<T>): Promise<T>;
  /** In the order of arrival, after `after`; `raw` is left out (null). */
  letters(tx: Tx, filter: LetterFilter): Promise<readonly StoredLetter[]>;
  letter(tx: Tx, id: string): Promise<StoredLetter | null>;
  /** The same, locked until the transaction ends. */
  lockLetter(tx: Tx, id: string): Promise<StoredLetter | null>;
  endLetter(tx: Tx, id: string, end: LetterEnd): Promise<void>;
  failLetter(tx: Tx, id: string, error: string): Promise<void>;
  letterCounts(tx: Tx): Promise<Readonly<Record<LetterState, number>>>;
  parkings(tx: Tx, page: { readonly after: number; readonly limit: number }): Promise<readonly Parking[]>;
  parking(tx: Tx, id: string): Promise<Parking | null>;
  /** What waits behind a key, in order. */
  waiting(tx: Tx, key: Pick<ParkedKey, 'group' | 'key'>, limit: number): Promise<readonly ParkedMessage[]>;
  partitions(tx: Tx, group: string, topic: string): Promise<readonly PartitionRow[]>;
  /** Says that a partition is halted, so that every process and every operator knows; null: it is no more. */
  setHalted(tx: Tx, place: Place, halted: { reason: string; at: Date } | null): Promise<void>;
  /** Removes final outcomes and ended dead letters from before an instant, at most `limit` of each. True when there may be more. */
  sweep(tx: Tx, before: Date, limit: number): Promise<boolean>;
}
