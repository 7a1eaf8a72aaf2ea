import { refuse, Refused } from '@linli/kernel';
import { RefusedWith, type Secrets } from '@linli/service';
import type { OnApplicationShutdown } from '@nestjs/common';
import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import { JudgeInThread, ThreadEnded } from './judge-in-thread.js';
import { unpackedBytes, type TakenBytes, type Verdict } from './judge-wire.js';
import { INTAKE_PURPOSES, takeIn, type IntakeRequest, type Taken } from './take-in.js';

export interface JudgesSettings {
  readonly threads: number;
  /** Below this a request is judged at once: the way to a thread would cost more. */
  readonly smallBytes: number;
  /** Bytes of all requests that may wait for a thread. */
  readonly waitingBytes: number;
  /** What a thread runs. */
  readonly entry: URL;
}

export const judgesSettings: JudgesSettings = {
  // One core is for the thread that reads HTTP and writes to the log.
  threads: Math.min(4, Math.max(1, availableParallelism() - 1)),
  smallBytes: 32 * 1024,
  waitingBytes: 16 * 1024 * 1024,
  entry: new URL('./judge-thread.js', import.meta.url),
};

type Judged = Taken | TakenBytes;

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
export class Judges implements OnApplicationShutdown {
  private readonly threads = new Set<JudgeInThread>();
  private waitingBytes = 0;
  private closed = false;

  constructor(
    private readonly secrets: Secrets,
    private readonly logger: Pick<Logger, 'error'>,
    private readonly settings: JudgesSettings = judgesSettings,
  ) {}

  async take(request: IntakeRequest): Promise<Judged> {
    const { body } = request;
    const { threads, smallBytes, waitingBytes } = this.settings;
    if (!Buffer.isBuffer(body) || body.length < smallBytes || threads === 0) {
      return takeIn(request, this.secrets);
    }
    const bytes = body.length;
    if (this.closed || this.waitingBytes + bytes > waitingBytes) {
      throw busy('Too many events wait to be judged.');
    }
    this.waitingBytes += bytes;
    try {
      return judged(await this.thread().judge({ ...request, body }));
    } catch (error) {
      throw error instanceof ThreadEnded ? busy('The events could not be judged.') : error;
    } finally {
      this.waitingBytes -= bytes;
    }
  }

  /** The requests are answered by then. */
  async onApplicationShutdown(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.threads].map((thread) => thread.end()));
  }

  /** The one with the least to do; another one when all have something. */
  private thread(): JudgeInThread {
    const [free] = [...this.threads].toSorted((one, other) => one.load - other.load);
    return free && (free.load === 0 || this.threads.size >= this.settings.threads) ? free : this.started();
  }

  private started(): JudgeInThread {
    const keys = this.secrets.only(INTAKE_PURPOSES);
    const thread: JudgeInThread = new JudgeInThread(this.settings.entry, keys, (error) => {
      if (this.threads.delete(thread) && !this.closed) {
        this.logger.error({ err: error }, 'a thread that judges events ended; another takes its place');
      }
    });
    this.threads.add(thread);
    return thread;
  }
}
