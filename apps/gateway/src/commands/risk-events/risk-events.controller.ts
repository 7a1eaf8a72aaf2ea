import {
  RISK_INTAKE,
  type IntakeEvent,
  type IntakeItem,
  type IntakeReceipt,
  type Principal,
} from '@linli/contracts';
import { refuse } from '@linli/kernel';
import { Caller, RefusedWith, type ServiceParts } from '@linli/service';
import { Controller, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { postRiskEvents } from '../../api/event-operations.js';
import { Serves } from '../../api/operation.js';
import { IntakeViews } from '../../clients/intake-views.js';
import { PARTS } from '../../parts.js';
import { Publishing } from '../../clients/publishing.js';
import { judge, type Judged } from './judge.js';
import { offeredIn } from './offered.js';
import { packed } from './packing.js';

const receiptOf = (judged: readonly Judged[]): IntakeReceipt => {
  const counts = { accepted: 0, rejected: 0, quarantined: 0 };
  const items: IntakeItem[] = [];
  for (const { item } of judged) {
    counts[item.status] += 1;
    items.push(item);
  }
  return { ...counts, items };
};

const noneTaken = (receipt: IntakeReceipt): RefusedWith =>
  new RefusedWith(refuse('RSK_NONE_TAKEN', 'invalid', 'None of the items could be taken; see items.'), {
    members: { ...receipt },
  });

/** The main road: risk events in, onto the log. Nothing is accepted that is not durably there. */
@Controller()
export class RiskEventsController {
  constructor(
    @Inject(IntakeViews) private readonly views: IntakeViews,
    @Inject(Publishing) private readonly publishing: Publishing,
    @Inject(PARTS) private readonly parts: Pick<ServiceParts, 'clock' | 'secrets'>,
  ) {}

  @Serves(postRiskEvents)
  async post(@Caller() caller: Principal, @Req() request: FastifyRequest): Promise<IntakeReceipt> {
    const offered = offeredIn(request.body, request.headers);
    const known = await this.views.of(caller, request.id);
    const now = this.parts.clock.now().getTime();
    const bench = { caller, known, secrets: this.parts.secrets, now };
    const judged = offered.map((one, index) => judge(one, index, bench));
    const receipt = receiptOf(judged);
    if (receipt.rejected > 0 && receipt.rejected === judged.length) {
      throw noneTaken(receipt);
    }
    await this.accept(judged, { tenant: caller.tenant, receivedAt: now, correlationId: request.id });
    return receipt;
  }

  private async accept(judged: readonly Judged[], parcel: Parameters<typeof packed>[1]): Promise<void> {
    const events = judged
      .map(({ event }) => event)
      .filter((event): event is IntakeEvent => event !== undefined);
    if (events.length > 0) {
      await this.publishing.publish(RISK_INTAKE, packed(events, parcel), 'events');
    }
  }
}
