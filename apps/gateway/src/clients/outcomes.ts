import { Outcome } from '@linli/contracts';
import type { OnModuleDestroy } from '@nestjs/common';
import type { Asking, RiskClient } from './risk.js';

const MARGIN_MS = 1500;
/** A look before a command is sent must not eat up the time in which the sender is to hear of a log that is away. */
const GLANCE_MS = 400;
export const MOST_WAITING = 2000;

/** What became of commands, asked of their owner. */
export class Outcomes implements OnModuleDestroy {
  private waiting = 0;
  private readonly ending = new AbortController();

  constructor(
    private readonly risk: Pick<RiskClient, 'get'>,
    private readonly mostWaiting = MOST_WAITING,
    private readonly onWaiting: (waiting: number) => void = () => undefined,
  ) {}

  /** Nobody more may wait: too many do, or this process ends. */
  get full(): boolean {
    return this.waiting >= this.mostWaiting || this.ending.signal.aborted;
  }

  /** Who waits gets its 202 before the server closes. */
  onModuleDestroy(): void {
    this.ending.abort();
  }

  /** The outcome, or null when there is none after `waitMs`. Refuses when the owner does not answer. */
  async of(commandId: string, asking: Asking, waitMs = 0): Promise<Outcome | null> {
    const patient = waitMs > 0 && !this.full;
    if (!patient) return this.ask(commandId, asking, 0);
    const signals = [this.ending.signal, asking.signal].filter((signal) => signal !== undefined);
    this.count(1);
    try {
      return await this.ask(commandId, { ...asking, signal: AbortSignal.any(signals) }, waitMs);
    } catch (error) {
      if (this.ending.signal.aborted) return null;
      throw error;
    } finally {
      this.count(-1);
    }
  }

  /** What is known already; null also when the owner does not say so at once. */
  glance(commandId: string, asking: Asking): Promise<Outcome | null> {
    return this.ask(commandId, asking, 0, GLANCE_MS);
  }

  private async ask(
    commandId: string,
    asking: Asking,
    waitMs: number,
    marginMs = MARGIN_MS,
  ): Promise<Outcome | null> {
    const response = await this.risk.get(`/internal/outcomes/${commandId}`, {
      ...asking,
      query: { waitMs },
      withinMs: waitMs + marginMs,
    });
    if (response.status !== 200) {
      await response.body?.cancel();
      return null;
    }
    const outcome = Outcome.parse(await response.json());
    return outcome.tenant === asking.caller.tenant ? outcome : null;
  }

  private count(by: 1 | -1): void {
    this.waiting += by;
    this.onWaiting(this.waiting);
  }
}
