import type { IntakeEvent } from '@linli/contracts';

/** An event as it came from the gateway. */
export interface Arrival {
  readonly tenant: string;
  readonly receivedAt: number;
  readonly event: IntakeEvent;
}
