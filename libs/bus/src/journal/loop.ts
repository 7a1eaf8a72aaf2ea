import { systemTimers, type Timers } from '@linli/kernel';

export interface LoopOptions {
  /** Polls this often when nobody kicks. */
  readonly everyMs: number;
  /** First rest after a failure, doubled with each further one. Absent: twice `everyMs`. */
  readonly retryMs?: number;
  readonly longestRestMs: number;
  readonly onError: (error: unknown) => void;
  readonly timers?: Timers;
}

/** Work that is done again as long as there is more, when kicked, and from time to time; one at a time. */
export class Loop {
  private callOff: () => void = () => undefined;
  private running: Promise<void> | null = null;
  private again = false;
  private failures = 0;
  private stopped = false;

  constructor(
    /** Resolves to true when there may be more to do at once. */
    private readonly work: () => Promise<boolean>,
    private readonly options: LoopOptions,
  ) {}

  start(): this {
    this.schedule(0);
    return this;
  }

  /** Something is there. While the loop rests after a failure, the rest is kept. */
  kick(): void {
    this.again = true;
    if (!this.running && this.failures === 0) this.schedule(0);
  }

  /** No further turn; resolves when the running one is over. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.callOff();
    await this.running;
  }

  private schedule(afterMs: number): void {
    if (this.stopped) return;
    this.callOff();
    this.callOff = this.later(afterMs, () => {
      this.running = this.turn().finally(() => {
        this.running = null;
        this.schedule(this.rest());
      });
    });
  }

  private later(afterMs: number, work: () => void): () => void {
    const timers = this.options.timers ?? systemTimers;
    if (afterMs > 0) return timers.after(afterMs, work);
    let off = false;
    timers.soon(() => {
      if (!off) work();
    });
    return () => (off = true);
  }

  private async turn(): Promise<void> {
    try {
      do {
        this.again = false;
        this.again = (await this.work()) || this.again;
      } while (this.again && !this.stopped);
      this.failures = 0;
    } catch (error) {
      this.failures += 1;
      this.options.onError(error);
    }
  }

  private rest(): number {
    const { everyMs, retryMs = everyMs * 2, longestRestMs } = this.options;
    if (this.failures === 0) return this.again ? 0 : everyMs;
    return Math.min(longestRestMs, retryMs * 2 ** Math.min(this.failures - 1, 20));
  }
}
