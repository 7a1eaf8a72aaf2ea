import type { Outcome } from '@linli/contracts';
import type { Pool } from '@linli/store';
import type { Entry, JournalStore } from './journal-store.js';
import type { OperateStore } from './operate-store.js';
import type { DeadLetter, NewParkedMessage, ParkedKey, ParkedMessage, Place } from './stuck.js';

/** How far a consumer came. The only truth about it; what Kafka remembers is a hint. */
export interface Progress {
  /** Next offset to read. */
  readonly offset: number;
  /** Items of that record already done, when a record holds many. */
  readonly index: number;
  /** Facts: the dense sequence number applied last. */
  readonly lastSeq: number;
  /** Facts: the producer's epoch; 0 = none seen yet. */
  readonly epoch: number;
  /** Of the record at `offset - 1`: tells a re-created topic from the one that was read. */
  readonly fingerprint: string | null;
  /** Who works here. Left behind by a process that died; never used for safety. */
  readonly owner: string | null;
  /** Where owners began to die without getting anything done, and how many did. */
  readonly crashFrom: number | null;
  readonly crashCount: number;
}

export const beginning: Progress = {
  offset: 0,
  index: 0,
  lastSeq: 0,
  epoch: 0,
  fingerprint: null,
  owner: null,
  crashFrom: null,
  crashCount: 0,
};

/** One step of a partition. */
export interface Step {
  readonly place: Place;
  readonly from: Progress;
  readonly to: Progress;
}

export interface ProgressStore<Tx> {
  /** The fence: the row, locked until the transaction ends; made when missing. */
  lock(tx: Tx, place: Place): Promise<Progress>;
  /** The fence of several partitions of one topic, without waiting: those that are there and that nobody else holds. */
  lockFree(
    tx: Tx,
    group: string,
    topic: string,
    partitions: readonly number[],
  ): Promise<ReadonlyMap<number, Progress>>;
  /** Compare-and-set of each on offset, index and lastSeq. False when somebody else moved one of the rows. */
  advance(tx: Tx, steps: readonly Step[]): Promise<boolean>;
  /** Rows of a topic by partition, unlocked. */
  of(tx: Tx, group: string, topic: string): Promise<ReadonlyMap<number, Progress>>;
  /** A clean farewell: `owner` no longer works at any partition of the group's topic. */
  release(tx: Tx, group: string, topic: string, owner: string): Promise<void>;
}

export interface OutcomeStore<Tx> {
  find(tx: Tx, commandIds: readonly string[]): Promise<readonly Outcome[]>;
  /** A final outcome replaces `parked`; nothing replaces a final one. */
  put(tx: Tx, outcomes: readonly Outcome[]): Promise<void>;
}

export interface ParkingStore<Tx> {
  /** Which of these keys are parked. */
  parkedAmong(tx: Tx, group: string, keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** Parks a key, or notes one more failed attempt on it. */
  park(tx: Tx, key: Omit<ParkedKey, 'attempts'>): Promise<void>;
  append(tx: Tx, messages: readonly NewParkedMessage[]): Promise<void>;
  keys(tx: Tx, key?: string): Promise<readonly ParkedKey[]>;
  /** The message that waits longest under a key. */
  first(tx: Tx, group: string, key: string): Promise<ParkedMessage | null>;
  remove(tx: Tx, message: ParkedMessage): Promise<void>;
  unpark(tx: Tx, group: string, key: string): Promise<void>;
}

export interface DeadLetterStore<Tx> {
  /** One that is already there stays as it is. */
  add(tx: Tx, letters: readonly DeadLetter[]): Promise<void>;
  list(tx: Tx, limit: number): Promise<readonly DeadLetter[]>;
}

export interface Counts {
  readonly unstamped: number;
  readonly unpublished: number;
  /** When the oldest of both was told. */
  readonly unsentSince: Date | null;
  /** Open ones. */
  readonly deadLetters: number;
  readonly parkedKeys: number;
}

/** Everything that the bus keeps, in the service's own database, so that it changes with the effects or not at all. */
export interface BusStore<Tx> {
  transaction<T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** One statement, which is a transaction by itself. */
  statement<T>(pool: Pool, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Single reads outside of a transaction. */
  reader(pool: Pool): Tx;
  readonly progress: ProgressStore<Tx>;
  readonly outcomes: OutcomeStore<Tx>;
  readonly parking: ParkingStore<Tx>;
  readonly deadLetters: DeadLetterStore<Tx>;
  readonly journal: JournalStore<Tx>;
  readonly operate: OperateStore<Tx>;
  counts(tx: Tx): Promise<Counts>;
}

export type { DeadLetter, Entry, JournalStore, NewParkedMessage, ParkedKey, ParkedMessage, Place };
