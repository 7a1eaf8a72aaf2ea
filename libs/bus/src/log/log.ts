import type { TopicSpec } from '@linli/contracts';

/** A record as read from the log. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  /** When the log appended it (LogAppendTime): the clock by which acceptance is judged. */
  readonly appendedAt: Date;
}

/** A record to append. The partition is explicit: computed with the frozen count, never by the broker. */
export interface NewRecord {
  readonly partition: number;
  readonly key: string | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** `low` is the first offset still held, `high` the offset that the next record will get. */
export interface Watermarks {
  readonly partition: number;
  readonly low: number;
  readonly high: number;
}

/** A set-up that would break a promise, in words an operator can act on. */
export interface SetupFault {
  readonly topic: string | null;
  readonly fault: string;
  readonly mend: string;
}

/** What an adapter does not promise, declared; the conformance suite reads it. */
export interface LogPromises {
  /** Members of one group share the partitions; without it every member gets all, and the fence decides. */
  readonly sharesPartitions: boolean;
  /** Acknowledged records survive the end of the process. */
  readonly durable: boolean;
}

/** What a consumer says after each batch. It never throws. */
export type Next =
  /** Go on from this offset (everything below is durably done, or was not this consumer's to do). */
  | { readonly from: number }
  /** Come back in `afterMs` from this offset; meanwhile the partition rests and its neighbours go on. */
  | { readonly from: number; readonly afterMs: number }
  /** Stop this partition until it is assigned again; somebody must look. */
  | { readonly halt: string };

export interface Assignment {
  readonly partition: number;
  readonly low: number;
  readonly high: number;
}

export interface Subscription {
  readonly group: string;
  readonly topic: TopicSpec;
  /**
   * Where to start each assigned partition. No record of an assignment is delivered before this answered; a rejection
   * is asked again. A partition left out of the answer, or a start outside `low..high`, halts that partition: a
   * consumer that can live with expired records answers `low` itself. Asked anew, for all partitions, whenever the
   * log can no longer serve a position (records expired under it, the topic was cut or made anew).
   */
  onAssigned(assigned: readonly Assignment[]): Promise<ReadonlyMap<number, number>>;
  /**
   * Records of one partition in offset order; one call at a time per partition, several partitions at once.
   * `current()` turns false when the assignment ended: do no more work then, and the answer is ignored.
   * Should return within about a second (a slow partition must not hold up its neighbours).
   */
  onRecords(records: readonly LogRecord[], current: () => boolean): Promise<Next>;
}

export interface Subscriber {
  /** Asks `onAssigned` anew for all partitions held now: so a halted one goes on. */
  again(): void;
  /** Takes no new batch, waits for the running ones, leaves the group. */
  stop(): Promise<void>;
  /** The group is joined, and every partition that was assigned has its start. False while that is found out anew. */
  consuming(): boolean;
  /** Partitions held now, with the last offset asked for and the one the log has. For readiness and lag. */
  positions(): readonly { partition: number; next: number; high: number; halted: string | null }[];
}

/** The log that carries commands, intake and facts. Adapters: kafkajs, Postgres, memory; one conformance suite. */
export interface Log {
  readonly promises: LogPromises;
  /** Makes missing topics; never changes the partitions of one that exists. */
  provision(topics: readonly TopicSpec[]): Promise<void>;
  /** What is wrong with the set-up; empty when it keeps the promises. */
  check(topics: readonly TopicSpec[]): Promise<readonly SetupFault[]>;
  /**
   * Resolves when all records are durable; records of one partition keep their order, also between calls of one
   * caller. Rejects within a few seconds: `PublishRefused` (surely not in the log) or `PublishUnknown` (may be).
   */
  publish(topic: TopicSpec, records: readonly NewRecord[]): Promise<void>;
  /** Resolves when the consumer is a member of its group; `onAssigned` follows on its own. */
  subscribe(subscription: Subscription): Promise<Subscriber>;
  watermarks(topic: TopicSpec): Promise<readonly Watermarks[]>;
  /** One record, or null when it is not (or no longer) there. */
  readAt(topic: TopicSpec, partition: number, offset: number): Promise<LogRecord | null>;
  /** Stops the subscribers that still run and refuses to publish from now on. */
  close(): Promise<void>;
}
