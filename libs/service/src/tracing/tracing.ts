import type { ChunkWork, HandlerWork, NewRecord } from '@linli/bus';
import type { FastifyInstance } from 'fastify';

/** The traces of one service. Null wherever nobody collects them, and then nothing of it is loaded. */
export interface Tracing {
  /** A server span around each request but those that only look at the service. */
  requests(fastify: FastifyInstance): void;
  /** A producer span; its context goes with the records that carry none. */
  publish(
    topic: string,
    records: readonly NewRecord[],
    send: (records: readonly NewRecord[]) => Promise<void>,
  ): Promise<void>;
  /** A consumer span with links to the producers. */
  chunk<T>(work: ChunkWork, run: () => Promise<T>): Promise<T>;
  /** A span in the trace of the message, with a link to its chunk. */
  handler<T>(work: HandlerWork, run: () => Promise<T>): Promise<T>;
  /** What is being done now, as W3C trace context. */
  traceparent(): string | null;
  /** Sends what was not sent yet. */
  close(): Promise<void>;
}
