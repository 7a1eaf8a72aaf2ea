import { z } from 'zod';

/** Only the frame: a fault in one event must not cost its neighbours, so each is read by itself later. */
const Frame = z.object({
  tenant: z.string(),
  receivedAt: z.number(),
  correlationId: z.string(),
  events: z.array(z.unknown()),
});

/** One event of a packed record, with what it shares with its neighbours. */
export interface PackedEvent {
  readonly tenant: string;
  readonly receivedAt: number;
  readonly correlationId: string;
  readonly event: unknown;
}

/** The events of a record of `linli.risk.intake.v1`. Throws when it cannot be read at all. */
export const unpackIntake = (value: Buffer): PackedEvent[] => {
  const { tenant, receivedAt, correlationId, events } = Frame.parse(JSON.parse(value.toString('utf8')));
  return events.map((event) => ({ tenant, receivedAt, correlationId, event }));
};
