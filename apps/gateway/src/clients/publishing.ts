import { failpoint, failpointOnceSent, PublishRefused, type Log, type NewRecord } from '@linli/bus';
import type { TopicSpec } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { RefusedWith, within } from '@linli/service';

export interface PublishingLimits {
  readonly requests: number;
  readonly bytes: number;
  readonly withinMs: number;
}

export const publishingLimits: PublishingLimits = { requests: 500, bytes: 16 * 1024 * 1024, withinMs: 3000 };

const busy = (): Refused =>
  new RefusedWith(
    refuse('GTW_BUSY', 'unavailable', 'Too much is on its way to the log. Nothing was taken.'),
    {
      headers: { 'retry-after': '1' },
    },
  );

const sayings = {
  events: 'Some of the events may have been taken. Sending the same events again is safe.',
  command: 'It may or may not have been taken. Sending it again with the same Idempotency-Key is safe.',
} as const;
export type What = keyof typeof sayings;

const away = (what: What, cause: unknown): Refused => {
  const refused = cause instanceof PublishRefused;
  const code = refused || what === 'events' ? 'GTW_LOG_UNAVAILABLE' : 'GTW_OUTCOME_UNKNOWN';
  const detail = `The log did not confirm in time. ${sayings[what]}`;
  return Object.assign(
    new RefusedWith(refuse(code, 'unavailable', detail), { headers: { 'retry-after': '2' } }),
    { cause },
  );
};

/**
 * The way onto the log, with bounds of its own: so many requests and bytes in the air, so long a wait. What was given up
 * still counts until the log lets go of it, so that a log that is away cannot fill the memory.
 */
export class Publishing {
  private requests = 0;
  private bytes = 0;

  constructor(
    private readonly log: Pick<Log, 'publish'>,
    private readonly limits: PublishingLimits = publishingLimits,
  ) {}

  /** Resolves when all records are durable; otherwise refuses (503), saying what is known. */
  async publish(topic: TopicSpec, records: readonly NewRecord[], what: What): Promise<void> {
    try {
      await within(this.limits.withinMs, this.send(topic, records));
    } catch (error) {
      throw error instanceof Refused ? error : away(what, error);
    }
  }

  private async send(topic: TopicSpec, records: readonly NewRecord[]): Promise<void> {
    const bytes = records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
    if (this.requests + 1 > this.limits.requests || this.bytes + bytes > this.limits.bytes) {
      throw busy();
    }
    this.requests += 1;
    this.bytes += bytes;
    try {
      failpoint('before-produce');
      const published = this.log.publish(topic, records);
      failpointOnceSent('produce-sent');
      await published;
      failpoint('after-produce');
    } finally {
      this.requests -= 1;
      this.bytes -= bytes;
    }
  }
}
