import type { Outcome } from '@linli/contracts';
import { systemTimers, type Timers } from '@linli/kernel';
import type { BusStore } from './store/bus-store.js';
import { Loop, type LoopOptions } from './journal/loop.js';

type Wake = (outcome: Outcome | null) => void;

const PER_QUERY = 500;

/** Those who wait for outcomes: woken by a commit in this process, else by one shared query now and then. */
export class OutcomeWaiters<Tx> {
  private readonly waiting = new Map<string, Set<Wake>>();
  private readonly newcomers = new Set<string>();
  private looking: Promise<void> | null = null;
  private readonly loop: Loop;
  private readonly timers: Timers;

  constructor(
    private readonly store: BusStore<Tx>,
    options: LoopOptions,
  ) {
    this.timers = options.timers ?? systemTimers;
    this.loop = new Loop(() => this.poll(), options).start();
  }

  async find(commandId: string): Promise<Outcome | null> {
    const [outcome] = await this.store.outcomes.find(this.store.reader('http'), [commandId]);
    return outcome ?? null;
  }

  /** Null when the time is over or the caller went away. */
  async wait(commandId: string, waitMs: number, signal?: AbortSignal): Promise<Outcome | null> {
    const outcome = this.next(commandId, waitMs, signal); // first: what is committed from now on wakes us
    this.newcomers.add(commandId);
    this.looking ??= this.look();
    return outcome;
  }

  /** The same of a command that is about to be sent: what was there before is found by the poll. */
  next(commandId: string, waitMs: number, signal?: AbortSignal): Promise<Outcome | null> {
    return new Promise((resolve) => {
      const wakes = this.waiting.get(commandId) ?? new Set<Wake>();
      this.waiting.set(commandId, wakes);
      const wake: Wake = (outcome) => {
        callOff();
        signal?.removeEventListener('abort', leave);
        wakes.delete(wake);
        if (wakes.size === 0 && this.waiting.get(commandId) === wakes) this.waiting.delete(commandId);
        resolve(outcome);
      };
      const leave = (): void => wake(null);
      const callOff = this.timers.after(waitMs, leave);
      wakes.add(wake);
      if (signal?.aborted) leave();
      else signal?.addEventListener('abort', leave);
    });
  }

  committed(outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) {
      for (const wake of this.waiting.get(outcome.commandId) ?? []) wake(outcome);
    }
  }

  async close(): Promise<void> {
    await this.loop.stop();
    for (const wakes of this.waiting.values()) for (const wake of wakes) wake(null);
  }

  /** Those whose outcome was there before they asked. Who comes while a query is on its way is in the next one. */
  private async look(): Promise<void> {
    while (this.newcomers.size > 0) {
      const ids = [...this.newcomers].slice(0, PER_QUERY);
      for (const id of ids) this.newcomers.delete(id);
      // Who is not answered now is answered by the next round of the loop.
      this.committed(await this.store.outcomes.find(this.store.reader('http'), ids).catch(() => []));
    }
    this.looking = null;
  }

  private async poll(): Promise<boolean> {
    const ids = [...this.waiting.keys()];
    for (let from = 0; from < ids.length; from += PER_QUERY) {
      const page = ids.slice(from, from + PER_QUERY);
      this.committed(await this.store.outcomes.find(this.store.reader('http'), page));
    }
    return false;
  }
}
