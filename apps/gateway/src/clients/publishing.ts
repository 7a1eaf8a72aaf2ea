import { failpoint, failpointOnceSent, PublishRefused, type Log, type NewRecord } from '@linli/bus';
import type { TopicSpec } from '@linli/contracts';
import { refuse, Refused, systemRandom, within, type Random } from '@linli/kernel';
import { RefusedWith } from '@linli/service';
import { Breaker } from './breaker.js';

export interface PublishingLimits {
  readonly requests: number;
  readonly bytes: number;
  readonly withinMs: number;
}

/** An answer is promised within 3.5 s: that leaves a second for all else, also when the machine is busy. */
export const publishingLimits: PublishingLimits = { requests: 500, bytes: 16 * 1024 * 1024, withinMs: 2500 };

/** For metrics. */
export interface PublishingWatch {
  inFlight(requests: number, bytes: number): void;
  refused(reason: 'busy' | 'away' | 'open' | 'unknown'): void;
}
const unwatched: PublishingWatch = { inFlight: () => undefined, refused: () => undefined };

const LEAST_RETRY_S = 2;
const LONGEST_RETRY_S = 30;

const busy = (headers: Record<string, string>): Refused =>
  new RefusedWith(
    refuse('GTW_BUSY', 'unavailable', 'Too much is on its way to the log. Nothing was taken.'),
    { headers },
  );

const knownToBeAway = (headers: Record<string, string>): Refused =>
  new RefusedWith(
    refuse('GTW_LOG_UNAVAILABLE', 'unavailable', 'The log is away at the moment. Nothing was taken.'),
    { headers },
  );

const sayings = {
  events: 'Some of the events may have been taken. Sending the same events again is safe.',
  command: 'It may or may not have been taken. Sending it again with the same Idempotency-Key is safe.',
} as const;
export type What = keyof typeof sayings;

const away = (what: What, cause: unknown, headers: Record<string, string>): Refused => {
  const refused = cause instanceof PublishRefused;
  const code = refused || what === 'events' ? 'GTW_LOG_UNAVAILABLE' : 'GTW_OUTCOME_UNKNOWN';
  const detail = `The log did not confirm in time. ${sayings[what]}`;
  return Object.assign(new RefusedWith(refuse(code, 'unavailable', detail), { headers }), { cause });
};

/** Faults of a record are no news about the log. */
const ofTheLog = (error: unknown): boolean =>
  !(error instanceof Refused) && (!(error instanceof PublishRefused) || error.code === 'LOG_UNAVAILABLE');

/**
 * The way onto the log, with bounds of its own: so many requests and bytes in the air, so long a wait, and none once it
 * is known that the log does not answer. What was given up still counts until the log lets go of it, so that a log that
 * is away cannot fill the memory.
 */
export class Publishing {
  private requests = 0;
  private bytes = 0;

  constructor(
    private readonly log: Pick<Log, 'publish'>,
    private readonly limits: PublishingLimits = publishingLimits,
    private readonly watch = unwatched,
    private readonly breaker = new Breaker(),
    private readonly random: Random = systemRandom,
  ) {}

  /** Resolves when all records are durable; otherwise refuses (503), saying what is known. */
  async publish(topic: TopicSpec, records: readonly NewRecord[], what: What): Promise<void> {
    if (!this.breaker.admits()) {
      this.watch.refused('open');
      throw knownToBeAway(this.retryAfter());
    }
    try {
      await within(this.limits.withinMs, this.send(topic, records));
    } catch (error) {
      if (error instanceof Refused) throw error;
      if (ofTheLog(error)) this.breaker.failed();
      this.watch.refused(error instanceof PublishRefused ? 'away' : 'unknown');
      throw away(what, error, this.retryAfter());
    }
  }

  private async send(topic: TopicSpec, records: readonly NewRecord[]): Promise<void> {
    const bytes = records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    if (this.requests + 1 > this.limits.requests || this.bytes + bytes > this.limits.bytes) {
      this.watch.refused('busy');
      throw busy(this.retryAfter());
    }
    this.count(1, bytes);
    try {
      failpoint('before-produce');
      const published = this.log.publish(topic, records);
      failpointOnceSent('produce-sent');
      await published;
      this.breaker.succeeded();
      failpoint('after-produce');
    } finally {
      this.count(-1, -bytes);
    }
  }

  private count(requests: number, bytes: number): void {
    this.requests += requests;
    this.bytes += bytes;
    this.watch.inFlight(this.requests, this.bytes);
  }

  /** The longer the log has been away, the later; never the same for all, so that they do not come back at once. */
  private retryAfter(): Record<string, string> {
    const spread = Math.min(LONGEST_RETRY_S - LEAST_RETRY_S, 3 + this.breaker.openMs / 1000);
    return { 'retry-after': String(LEAST_RETRY_S + Math.floor(this.random.next() * (spread + 1))) };
  }
}
