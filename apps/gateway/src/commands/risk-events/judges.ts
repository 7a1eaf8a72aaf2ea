import type { IntakeReceipt } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { RefusedWith, type Secrets } from '@linli/service';
import type { OnModuleDestroy } from '@nestjs/common';
import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import { JudgeInThread } from './judge-in-thread.js';
import { unpackedBytes, type TakenBytes, type Verdict } from './judge-wire.js';
import { INTAKE_PURPOSES, takeIn, type IntakeRequest, type Taken } from './take-in.js';

export interface JudgesLimits {
  readonly threads: number;
  /** Below this a request is judged at once: the way to a thread would cost more. */
  readonly smallBytes: number;
  /** Bytes of all requests that may wait for a thread. */
  readonly waitingBytes: number;
}

export const judgesLimits: JudgesLimits = {
  threads: Math.min(4, availableParallelism()),
  smallBytes: 32 * 1024,
  waitingBytes: 16 * 1024 * 1024,
};

type Judged = Taken | TakenBytes | { readonly noneTaken: IntakeReceipt };

const busy = (detail: string): Refused =>
  new RefusedWith(refuse('GTW_BUSY', 'unavailable', `${detail} Nothing was taken.`), {
    headers: { 'retry-after': '1' },
  });

const judged = (verdict: Verdict): Judged => {
  if ('taken' in verdict) {
    return unpackedBytes(verdict.taken);
  }
  if ('noneTaken' in verdict) {
    return verdict;
  }
  throw 'refused' in verdict ? new Refused(verdict.refused) : new Error(verdict.fault);
};

/**
 * Judges requests: small ones at once, large ones in threads, so that a flood of events does not hold up who waits for a
 * command. Threads are started when they are needed, and again after one ended.
 */
export class Judges implements OnModuleDestroy {
  private readonly threads = new Set<JudgeInThread>();
  private waitingBytes = 0;
  private closed = false;

  constructor(
    private readonly secrets: Secrets,
    private readonly logger: Pick<Logger, 'error'>,
    private readonly limits: JudgesLimits = judgesLimits,
  ) {}

  async take(request: IntakeRequest): Promise<Judged> {
    const { body } = request;
    if (!Buffer.isBuffer(body) || body.length < this.limits.smallBytes || this.limits.threads === 0) {
      return takeIn(request, this.secrets);
    }
    const bytes = body.length;
    if (this.closed || this.waitingBytes + bytes > this.limits.waitingBytes) {
      throw busy('Too many events wait to be judged.');
    }
    this.waitingBytes += bytes;
    try {
      return judged(await this.thread().judge({ ...request, body }));
    } finally {
      this.waitingBytes -= bytes;
    }
  }

  async onModuleDestroy(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.threads].map((thread) => thread.end()));
  }

  /** The one with the least to do; another one when all have something. */
  private thread(): JudgeInThread {
    const [free] = [...this.threads].toSorted((one, other) => one.load - other.load);
    return free && (free.load === 0 || this.threads.size >= this.limits.threads) ? free : this.started();
  }

  private started(): JudgeInThread {
    const thread: JudgeInThread = new JudgeInThread(this.secrets.only(INTAKE_PURPOSES), (error) => {
      if (this.threads.delete(thread) && !this.closed) {
        this.logger.error({ err: error }, 'a thread that judges events ended; another takes its place');
      }
    });
    this.threads.add(thread);
    return thread;
  }
}
