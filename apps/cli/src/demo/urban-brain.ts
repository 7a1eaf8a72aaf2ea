import { RiskEventSummary } from '@linli/contracts';
import type { Api } from '../client/api.js';
import { UsageMistake } from '../exit-code.js';
import { postEvents } from '../client/intake.js';
import { until } from '../client/until.js';
import { SOURCE } from '../casework/risk-event-of.js';
import { isSettled, type Held, type Sent } from './reconciliation.js';

const BATCH = 500;

/** The sending system: posts batches, keeps its receipts, and asks what became of them. */
export class UrbanBrain {
  #sent: Sent = { sent: 0, accepted: 0, rejected: 0, quarantined: 0 };

  constructor(private readonly api: Api) {}

  get sent(): Sent {
    return this.#sent;
  }

  /** A replay into a system that already holds it would only prove that duplicates change nothing. */
  async checkFresh(): Promise<void> {
    const { stored, quarantined } = await this.held();
    if (stored + quarantined > 0) {
      throw new UsageMistake(`${this.api.url} already holds ${stored + quarantined} events of "${SOURCE}".`);
    }
  }

  async send(events: readonly unknown[]): Promise<void> {
    for (let from = 0; from < events.length; from += BATCH) {
      const batch = events.slice(from, from + BATCH);
      const receipt = await postEvents(this.api, batch);
      this.#sent = {
        sent: this.#sent.sent + batch.length,
        accepted: this.#sent.accepted + receipt.accepted,
        rejected: this.#sent.rejected + receipt.rejected,
        quarantined: this.#sent.quarantined + receipt.quarantined,
      };
    }
  }

  held(): Promise<Held> {
    return this.api.get(`/v1/risk-events/summary?source=${SOURCE}`, RiskEventSummary);
  }

  /** Until all that was taken is stored and scored. */
  async settled(): Promise<Held> {
    let held: Held = { stored: 0, duplicates: 0, quarantined: 0 };
    return until(
      async () => {
        held = await this.held();
        return isSettled(this.#sent, held) ? held : undefined;
      },
      () => `sent ${JSON.stringify(this.#sent)}, held ${JSON.stringify(held)}`,
    );
  }
}
