import { StreamHandler, type Handling, type StreamItem } from '@linli/bus';
import { IntakeEvent, RISK_INTAKE } from '@linli/contracts';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { Arrival } from '../use-cases/arrival.js';
import { Heartbeats } from '../use-cases/heartbeats.js';
import { takeIn } from '../use-cases/take-in.js';
import type { PackedEvent } from './unpack-intake.js';

/** Throws on an event that does not fit its contract: the bus sets it aside alone. */
const arrivalOf = ({ item }: StreamItem): Arrival => {
  const { tenant, receivedAt, correlationId, event } = item as PackedEvent;
  return { tenant, receivedAt, correlationId, event: IntakeEvent.parse(event) };
};

/** Hears the risk events that the gateway accepted: writes events, places and tallies, never a warning. */
@Controller()
export class RiskEvents {
  readonly #heartbeats = new Heartbeats();

  @StreamHandler(RISK_INTAKE)
  async handle(@Payload() items: readonly StreamItem[], @Ctx() handling: Handling): Promise<void> {
    const arrivals = items.map(arrivalOf);
    await takeIn(arrivals, handling);
    await this.#heartbeats.note(arrivals, handling);
  }
}
