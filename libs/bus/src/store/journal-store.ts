import type { TopicSpec } from '@linli/contracts';

/** A fact or a command on its way out, as told inside a transaction: not yet numbered. */
export interface Entry {
  readonly topic: string;
  readonly kind: 'fact' | 'command';
  readonly eventId: string;
  readonly type: string;
  readonly tenant: string;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  readonly actor: string;
  readonly commandId: string | null;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly hops: number;
  readonly at: Date;
  /** JSON text, kept as text so that the same bytes hash the same for ever. */
  readonly payload: string;
  /** The trace in which it was told (W3C trace context). No part of what the chain seals. */
  readonly traceparent?: string | null;
}

/** A row of the journal: numbered, chained, never changed. */
export interface StampedEntry extends Entry {
  readonly partition: number;
  readonly seq: number;
  readonly epoch: number;
  readonly previousHash: string;
  readonly hash: string;
}

/** One partition of a topic that leaves through this journal. */
export interface Stream {
  readonly topic: string;
  readonly partition: number;
  /** Frozen modulus of the hash: never the broker's. */
  readonly partitionCount: number;
  readonly lastSeq: number;
  readonly publishedSeq: number;
  readonly epoch: number;
  readonly lastHash: string;
}

/** `previousHash` of the first row of a stream. */
export const genesis = '0'.repeat(64);

export interface Slice {
  readonly topic: string;
  readonly partition: number;
  /** First seq, inclusive. */
  readonly from: number;
  readonly limit: number;
}

export interface JournalStore<Tx> {
  /** The last statement before the progress row: order within a key follows the fence. */
  append(tx: Tx, entries: readonly Entry[]): Promise<void>;
  /** Makes missing streams of a topic; returns all that there are. */
  open(tx: Tx, topic: TopicSpec): Promise<readonly Stream[]>;
  /** Makes sure that the months around now can be written. */
  prepare(tx: Tx): Promise<void>;
  /** Topics that have entries to stamp. */
  waiting(tx: Tx): Promise<readonly string[]>;
  /** The streams of a topic, locked: one stamper at a time. In a new epoch when the database is not the one it was. */
  lock(tx: Tx, topic: string): Promise<readonly Stream[]>;
  /** Takes entries out of the hot table in the order told. */
  take(tx: Tx, topic: string, limit: number): Promise<readonly Entry[]>;
  /** Adds numbered rows and moves `lastSeq` and `lastHash` of their streams. */
  write(tx: Tx, rows: readonly StampedEntry[]): Promise<void>;
  streams(tx: Tx, topic: string): Promise<readonly Stream[]>;
  /** Rows not yet published, per partition in order, at most `limit` a partition. */
  unpublished(tx: Tx, topic: string, limit: number): Promise<readonly StampedEntry[]>;
  /** Never moves back: any number of relays may mark. */
  markPublished(tx: Tx, topic: string, seqs: ReadonlyMap<number, number>): Promise<void>;
  slice(tx: Tx, slice: Slice): Promise<readonly StampedEntry[]>;
  /** Rows after a cursor, per partition in order, at most `limit` a partition. */
  after(tx: Tx, topic: string, cursor: readonly number[], limit: number): Promise<readonly StampedEntry[]>;
  timeline(tx: Tx, tenant: string, aggregateId: string): Promise<readonly StampedEntry[]>;
}
