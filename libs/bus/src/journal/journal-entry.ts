/** One row of the journal: timeline, audit and stream in one. */
export interface JournalEntry {
  readonly topic: string;
  readonly partition: number;
  /** Dense per (topic, partition), from 1. */
  readonly seq: number;
  readonly eventId: string;
  readonly type: string;
  readonly tenant: string;
  readonly aggregateId: string;
  readonly aggregateVersion: number;
  readonly actor: string;
  readonly commandId: string | null;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly at: Date;
  readonly data: unknown;
}

/** A place in the journal of one topic: the last seq seen in each partition. Text form is opaque to clients. */
export type Cursor = readonly number[];
