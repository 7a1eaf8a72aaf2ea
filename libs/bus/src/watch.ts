import type { Outcome } from '@linli/contracts';
import type { LogRecord } from './log/log.js';

/** One transaction over items of partitions of a topic. */
export interface ChunkWork {
  readonly group: string;
  readonly topic: string;
  readonly partitions: readonly number[];
  readonly items: number;
  /** The records that the items come from, in order, each once. */
  records(): readonly LogRecord[];
}

/** One message in the hands of its handler. */
export interface HandlerWork {
  readonly type: string;
  readonly topic: string;
  readonly correlationId: string;
  /** The trace in which it was sent, as W3C trace context. */
  readonly traceparent: string | null;
}

/** For who measures and traces a bus. What stands around work runs it once and answers what it answers. */
export interface BusWatch {
  chunk<T>(work: ChunkWork, run: () => Promise<T>): Promise<T>;
  handler<T>(work: HandlerWork, run: () => Promise<T>): Promise<T>;
  committed(outcomes: readonly Outcome[]): void;
  /** What is being done now, as W3C trace context: goes with all that is told and sent meanwhile. */
  traceparent(): string | null;
}

/** The header of records in which a trace goes on. */
export const TRACEPARENT = 'traceparent';
/** The header that tells of which request a record is. Facts carry it as `ce_correlationid`. */
export const CORRELATION = 'linli-correlation-id';

/** The request that led to a record, where it says so. */
export const correlationIn = ({ headers }: Pick<LogRecord, 'headers'>): string | undefined =>
  headers[CORRELATION] ?? headers['ce_correlationid'];
