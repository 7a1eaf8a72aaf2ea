import { systemClock, within } from '@linli/kernel';
import type * as bullmqTypes from 'bullmq';
import { Redis } from 'ioredis';
import { AlarmFaults, jobIdOf, type Alarm, type AlarmTime, type Ring } from './alarm.js';

export type BullmqAlarmOptions = {
  /** Name of the queue: one for each service. No colon. */
  readonly queue: string;
} & ({ readonly redisUrl: string } | { readonly databaseUrl: string; readonly schema?: string });

const WITHIN_MS = 200;
const CLOSES_WITHIN_MS = 2_000;
const working = { concurrency: 8, runRetryDelay: 1_000 };

type Bullmq = typeof bullmqTypes;
type Queue = bullmqTypes.Queue;
type Worker = bullmqTypes.Worker;
type Processor = bullmqTypes.Processor;

interface Parts {
  readonly queue: Queue;
  work(ring: Processor): Worker;
  /** Whether an `add` has a chance now. */
  isReady(): boolean;
  end(): void;
}

/** `enableOfflineQueue: false`: what cannot be said now is not said later, when it is no news any more. */
const overRedis = (
  { Queue, Worker }: Bullmq,
  name: string,
  url: string,
  note: (e: unknown) => void,
): Parts => {
  let open = true;
  // Also that of the connection which BullMQ makes for itself: a closed alarm must not look for a dead Redis for ever.
  const retryStrategy = (attempt: number): number | null =>
    open ? Math.min(50 * 2 ** Math.min(attempt, 6), 2_000) : null;
  const limits = { connectTimeout: 1_000, retryStrategy };
  const adding = new Redis(url, {
    ...limits,
    ...{ enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: WITHIN_MS },
  });
  const ringing = new Redis(url, { ...limits, maxRetriesPerRequest: null });
  for (const client of [adding, ringing]) client.on('error', note);
  return {
    queue: new Queue(name, { connection: adding, skipMetasUpdate: true }),
    work: (ring) => new Worker(name, ring, { connection: ringing, ...working }),
    isReady: () => adding.status === 'ready',
    end: () => {
      open = false;
      adding.disconnect();
      ringing.disconnect();
    },
  };
};

const overPostgres = (
  { Queue, Worker, createPostgresBackend }: Bullmq,
  name: string,
  url: string,
  schema: string,
): Parts => {
  const connection = { connectionString: url, schema, migrate: true, max: 2, connectionTimeoutMillis: 1_000 };
  return {
    queue: new Queue(name, { connection }, createPostgresBackend) as unknown as Queue,
    work: (ring) =>
      new Worker(name, ring, { connection, ...working }, createPostgresBackend) as unknown as Worker,
    isReady: () => true,
    end: () => undefined,
  };
};

const kept: bullmqTypes.JobsOptions = { removeOnComplete: true, removeOnFail: true, attempts: 1 };

const jobOf = (time: AlarmTime) => ({
  name: 'ring',
  data: { deadlineId: time.deadlineId },
  opts: { ...kept, jobId: jobIdOf(time), delay: Math.max(0, Math.ceil(time.inMs)) },
});

/** At most so many wait to be said; more are lost, and the sweeper sees them. */
const MOST_WAITING = 10_000;
const AT_ONCE = 500;

class BullmqAlarm implements Alarm {
  #worker: Worker | null = null;
  #closed = false;
  #waiting: AlarmTime[] = [];
  #saying = false;

  constructor(
    private readonly bullmq: Bullmq,
    private readonly parts: Parts,
    private readonly counted: AlarmFaults,
  ) {
    parts.queue.on('error', (error) => counted.note(error));
  }

  set(times: readonly AlarmTime[]): void {
    if (times.length === 0 || this.#closed) return;
    if (!this.parts.isReady() || this.#waiting.length + times.length > MOST_WAITING) {
      this.counted.lose(times.length, 'not reachable now');
      return;
    }
    this.#waiting.push(...times);
    if (!this.#saying) void this.#say();
  }

  start(ring: Ring): void {
    const { DelayedError } = this.bullmq;
    this.#worker = this.parts.work(async (job, token) => {
      const again = await ring((job.data as { deadlineId: string }).deadlineId);
      if (again === null) return;
      await job.moveToDelayed(systemClock.now().getTime() + Math.max(1, Math.ceil(again)), token);
      throw new DelayedError();
    });
    this.#worker.on('error', (error) => this.counted.note(error));
    this.#worker.on('failed', (_job, error) => this.counted.note(error));
  }

  faults(): { lost: number; last: string | null } {
    return { lost: this.counted.lost, last: this.counted.last };
  }

  async close(): Promise<void> {
    this.#closed = true;
    // Without a server a polite farewell never ends; a ring that is cut off is rung again by another, and does no harm.
    const closing = Promise.all([this.#worker?.close(!this.parts.isReady()), this.parts.queue.close()]);
    await within(CLOSES_WITHIN_MS, closing).catch((error: unknown) => this.counted.note(error));
    this.parts.end();
  }

  /** One batch at a time, so that what a dead server leaves unanswered does not pile up. */
  async #say(): Promise<void> {
    this.#saying = true;
    while (this.#waiting.length > 0) {
      const times = this.#waiting.splice(0, AT_ONCE);
      try {
        await within(WITHIN_MS, this.parts.queue.addBulk(times.map(jobOf)));
      } catch (error) {
        this.counted.lose(times.length + this.#waiting.splice(0).length, error);
      }
    }
    this.#saying = false;
  }
}

/** Alarms of BullMQ, on Redis or on PostgreSQL. The library is loaded only where it is used. */
export const bullmqAlarm = async (options: BullmqAlarmOptions): Promise<Alarm> => {
  const bullmq = await import('bullmq');
  const counted = new AlarmFaults();
  const parts =
    'redisUrl' in options
      ? overRedis(bullmq, options.queue, options.redisUrl, (error) => counted.note(error))
      : overPostgres(bullmq, options.queue, options.databaseUrl, options.schema ?? 'bullmq');
  return new BullmqAlarm(bullmq, parts, counted);
};
