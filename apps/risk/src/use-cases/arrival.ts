import type { IntakeEvent } from '@linli/contracts';

/** An event as it came from the gateway. */
export interface Arrival {
  readonly tenant: string;
  readonly receivedAt: number;
  /** Of the request that brought it; absent for what came before it was kept. */
  readonly correlationId?: string;
  readonly event: IntakeEvent;
}

/** An event whose category and area are known. */
export interface Incoming {
  readonly arrival: Arrival;
  readonly category: string;
  readonly area: string;
}
