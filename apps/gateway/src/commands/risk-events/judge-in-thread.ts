import type { PurposeKeys } from '@linli/service/input';
import { Worker } from 'node:worker_threads';
import type { KnownPlaces } from '../../clients/intake-views.js';
import type { Task, Verdict } from './judge-wire.js';
import { MOST_TENANTS, type IntakeRequest } from './take-in.js';

/** A batch is garbage when it is judged; more room makes little faster and much larger. */
const YOUNG_GENERATION_MB = 24;

interface Waiting {
  resolve(verdict: Verdict): void;
  reject(error: unknown): void;
}

const isOfEvents = (name: string): boolean => name === 'content-type' || name.startsWith('ce-');

const headersOf = (headers: IntakeRequest['headers']): IntakeRequest['headers'] =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => isOfEvents(name)));

/** Memory of its own, so that moving it takes nothing from anybody else. */
const ownBytes = (body: Buffer): ArrayBuffer =>
  body.byteLength === body.buffer.byteLength && body.buffer instanceof ArrayBuffer
    ? body.buffer
    : new Uint8Array(body).buffer;

/** The thread is gone, and with it the answers that it owed. */
export class ThreadEnded extends Error {}

/** One thread that judges. It ends with the first fault that is not of a request; those who wait are told. */
export class JudgeInThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private readonly has = new Map<string, KnownPlaces>();
  private last = 0;

  constructor(entry: URL, keys: PurposeKeys, onEnd: (error: Error) => void) {
    this.worker = new Worker(entry, {
      workerData: keys,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    this.worker.on('message', ({ id, verdict }: { id: number; verdict: Verdict }) => {
      this.waiting.get(id)?.resolve(verdict);
      this.done(id);
    });
    const end = (cause: unknown): void => {
      const error = new ThreadEnded('a thread that judges events ended', { cause });
      for (const waiting of this.waiting.values()) {
        waiting.reject(error);
      }
      this.waiting.clear();
      onEnd(error);
    };
    this.worker.once('error', end);
    this.worker.once('exit', (code) => end(new Error(`exit code ${code}`)));
    this.worker.unref();
  }

  /** Requests that it was given and has not answered. */
  get load(): number {
    return this.waiting.size;
  }

  judge({ body, headers, known, ...rest }: IntakeRequest & { readonly body: Buffer }): Promise<Verdict> {
    this.last += 1;
    const id = this.last;
    const bytes = ownBytes(body);
    const news = this.newsOf(rest.caller.tenant, known);
    const task: Task = { ...rest, id, body: bytes, headers: headersOf(headers), known: news };
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.ref();
      this.worker.postMessage(task, [bytes]);
    });
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private done(id: number): void {
    this.waiting.delete(id);
    if (this.waiting.size === 0) {
      this.worker.unref();
    }
  }

  /** What the thread does not know yet; it forgets by the same rule. */
  private newsOf(tenant: string, known: KnownPlaces): KnownPlaces | null {
    if (this.has.get(tenant) === known) {
      return null;
    }
    if (this.has.size >= MOST_TENANTS) {
      this.has.clear();
    }
    this.has.set(tenant, known);
    return known;
  }
}
