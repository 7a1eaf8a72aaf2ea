import type { Outcome, TopicSpec } from '@linli/contracts';
import type { Transaction } from '@linli/store';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import type { Released } from './consume/release.js';
import type { Tally } from './consume/tally.js';
import type { NewCommand } from './handling.js';
import type { ChainReport } from './journal/chain.js';
import type { Cursor, JournalEntry } from './journal/journal-entry.js';
import type { Operate } from './operate/operate.js';

/** What a service consumes. One consumer group per topic: `linli.<service>.<topic>`. */
export interface Consumes {
  readonly topic: TopicSpec;
  /**
   * `commands`: one command a record, answered by an outcome, a faulty one parks its key.
   * `stream`: many items a record, handled in bulk, a faulty item is set aside alone.
   * `facts`: dense per partition, gaps healed from the producer's journal.
   */
  readonly kind: 'commands' | 'stream' | 'facts';
  /** For `stream`: the items packed in one record's value. Throws when the record cannot be read at all. */
  readonly unpack?: (value: Buffer) => readonly unknown[];
}

/** The messaging of one service. Made by `openBus`; handed to the service's Nest module. */
export interface Bus<Tx = Transaction> {
  /** For `app.connectMicroservice({ strategy })`: handlers are found by Nest, pattern = message type. */
  readonly strategy: CustomTransportStrategy;
  outcome(commandId: string): Promise<Outcome | null>;
  /**
   * Commands that no message led to (time did), written to the journal within `tx`, which is not the bus's own. Call what
   * it answers after the commit, so that they go out at once; else within a second.
   */
  send(tx: Tx, commands: readonly NewCommand[]): Promise<() => void>;
  /** Waits for an outcome up to `waitMs`; woken in process, polled every 100 ms otherwise. */
  waitForOutcome(commandId: string, waitMs: number, signal?: AbortSignal): Promise<Outcome | null>;
  /** The same of a command that is only on its way: it is not looked for at once. */
  nextOutcome(commandId: string, waitMs: number, signal?: AbortSignal): Promise<Outcome | null>;
  /** Facts of one aggregate in order. */
  timeline(tenant: string, aggregateId: string): Promise<readonly JournalEntry[]>;
  /** Journal entries of a topic after a cursor, per partition in order; shared tail, woken after a stamp, polled otherwise. */
  tail(
    topic: TopicSpec,
    after: Cursor,
    onEntries: (entries: readonly JournalEntry[], cursor: Cursor) => void,
  ): () => void;
  /** Where the journal of a topic ends now. */
  end(topic: TopicSpec): Promise<Cursor>;
  /** Rows `from..to` of a stream, for consumers that heal a gap. */
  journalSlice(topic: string, partition: number, from: number, to: number): Promise<readonly JournalEntry[]>;
  /** Walks one partition of a topic's journal and names the first row that is wrong. */
  verifyChain(topic: string, partition: number): Promise<ChainReport>;
  /** Replays what is parked under an aggregate, in order, with the original ids; one answer for each group it is parked in. */
  releaseKey(aggregateId: string): Promise<readonly Released[]>;
  /** What is stuck, and how operators mend it. */
  readonly operate: Operate;
  /** For readiness and metrics. */
  state(): Promise<BusState>;
  /** Takes no new chunk, finishes the running ones, lets the relay end its send. Idempotent. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export interface BusState {
  readonly consumers: readonly {
    topic: string;
    partition: number;
    next: number;
    high: number;
    halted: string | null;
    pausedSince: Date | null;
    lastProgressAt: Date | null;
    /** When the oldest record that is not done yet was appended, as far as known here. */
    behindSince: Date | null;
  }[];
  /** Consumed topics whose group is not joined yet, or whose partitions here have no start yet. */
  readonly joining: readonly string[];
  readonly unstamped: number;
  readonly unpublished: number;
  /** When the oldest fact or command that was not sent yet was told. */
  readonly unsentSince: Date | null;
  readonly deadLetters: number;
  readonly parkedKeys: number;
  readonly lastFault: string | null;
  /** Counted since the start. */
  readonly tally: Readonly<Tally>;
}
