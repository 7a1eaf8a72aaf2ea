import { Outcome } from '@linli/contracts';
import type { Asking, RiskClient } from './risk.js';

const MARGIN_MS = 1500;
const MOST_WAITING = 2000;

/** What became of commands, asked of their owner. */
export class Outcomes {
  private waiting = 0;

  constructor(private readonly risk: Pick<RiskClient, 'get'>) {}

  /** The outcome, or null when there is none after `waitMs`. Refuses when the owner does not answer. */
  async of(commandId: string, asking: Asking, waitMs = 0): Promise<Outcome | null> {
    const patience = this.waiting < MOST_WAITING ? waitMs : 0;
    this.waiting += 1;
    try {
      const response = await this.risk.get(`/internal/outcomes/${commandId}`, {
        ...asking,
        query: { waitMs: patience },
        withinMs: patience + MARGIN_MS,
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        return null;
      }
      const outcome = Outcome.parse(await response.json());
      return outcome.tenant === asking.caller.tenant ? outcome : null;
    } finally {
      this.waiting -= 1;
    }
  }
}
