/** Whose progress: one row per consumer group, topic and partition. */
export interface Place {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

/** A message that waits because its key is parked: enough to run it later as it was. */
export interface NewParkedMessage {
  readonly group: string;
  readonly key: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly appendedAt: Date;
  /** The decoded message as JSON. */
  readonly body: string;
}
export interface ParkedMessage extends NewParkedMessage {
  /** Order of arrival. */
  readonly n: number;
}

export interface ParkedKey {
  readonly group: string;
  readonly key: string;
  readonly since: Date;
  readonly reason: string;
  readonly attempts: number;
}

/** What could not be handled, kept as it came. `index` tells which item of a packed record; -1 = all of it. */
export interface DeadLetter {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly index: number;
  readonly key: string | null;
  readonly raw: Buffer | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly error: string;
  readonly at: Date;
  /** When the log appended the record. */
  readonly appendedAt: Date;
}
