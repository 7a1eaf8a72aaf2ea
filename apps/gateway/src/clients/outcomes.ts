import { Outcome } from '@linli/contracts';
import type { OnModuleDestroy } from '@nestjs/common';
import type { OutcomeStream } from './outcome-stream.js';
import type { Asking, RiskClient } from './risk.js';

const MARGIN_MS = 1500;
/** A look before a command is sent must not eat up the time in which the sender is to hear of a log that is away. */
const GLANCE_MS = 400;
export const MOST_WAITING = 2000;

/** The outcome of a command that is about to be sent. */
export interface Expected {
  /** Null when there is none in time. Refuses when the owner does not answer. */
  outcome(): Promise<Outcome | null>;
  /** It was not sent. */
  callOff(): void;
}

type Stream = Pick<OutcomeStream, 'next' | 'close'>;

/** What became of commands, told or asked of their owner. */
export class Outcomes implements OnModuleDestroy {
  private readonly waiting = new Set<AbortController>();
  private ended = false;

  constructor(
    private readonly risk: Pick<RiskClient, 'get'>,
    private readonly mostWaiting = MOST_WAITING,
    private readonly onWaiting: (waiting: number) => void = () => undefined,
    private readonly stream: Stream | null = null,
  ) {}

  /** Nobody more may wait: too many do, or this process ends. */
  get full(): boolean {
    return this.waiting.size >= this.mostWaiting || this.ended;
  }

  /** Who waits gets its 202 before the server closes. */
  onModuleDestroy(): void {
    this.ended = true;
    for (const one of this.waiting) one.abort();
    this.stream?.close();
  }

  /** What is known now. Refuses when the owner does not answer. */
  of(commandId: string, asking: Asking): Promise<Outcome | null> {
    return this.ask(commandId, asking, 0);
  }

  /** What is known already; null also when the owner does not say so at once. */
  glance(commandId: string, asking: Asking): Promise<Outcome | null> {
    return this.ask(commandId, asking, 0, GLANCE_MS);
  }

  /**
   * Listens from now on, before the command is sent, and asks for what was not told in half of the time, or when there
   * is nobody to listen to.
   */
  expect(commandId: string, asking: Asking, waitMs: number): Expected {
    const until = performance.now() + waitMs;
    const waiting = this.begin(asking.signal);
    const told = this.stream?.next(commandId, asking.caller.tenant, waitMs / 2, waiting.signal);
    const asked = async (): Promise<Outcome | null> => {
      if (waiting.signal.aborted) return null;
      const leftMs = Math.max(0, Math.round(until - performance.now()));
      return this.ask(commandId, { ...asking, signal: waiting.signal }, leftMs);
    };
    const outcome = async (): Promise<Outcome | null> => {
      try {
        return (await told) ?? (await asked());
      } catch (error) {
        if (this.ended) return null;
        throw error;
      } finally {
        waiting.abort();
      }
    };
    return { outcome, callOff: () => waiting.abort() };
  }

  /** Aborted when it is over, for whatever reason. */
  private begin(leaving?: AbortSignal): AbortController {
    const one = new AbortController();
    const end = (): void => one.abort();
    one.signal.addEventListener('abort', () => {
      leaving?.removeEventListener('abort', end);
      this.waiting.delete(one);
      this.onWaiting(this.waiting.size);
    });
    this.waiting.add(one);
    this.onWaiting(this.waiting.size);
    leaving?.addEventListener('abort', end);
    if (leaving?.aborted || this.ended) end();
    return one;
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
}
