import { RISK_INTAKE, type IntakeReceipt, type Principal } from '@linli/contracts';
import { refuse } from '@linli/kernel';
import { Caller, RefusedWith, type ServiceParts } from '@linli/service';
import { Controller, Header, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { postRiskEvents } from '../../api/event-operations.js';
import { Serves } from '../../api/operation.js';
import { IntakeViews, type KnownPlaces } from '../../clients/intake-views.js';
import { PARTS } from '../../parts.js';
import { Publishing } from '../../clients/publishing.js';
import { offeredIn } from './offered.js';
import { takeIn } from './take-in.js';

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
  @Header('content-type', 'application/json; charset=utf-8')
  async post(@Caller() caller: Principal, @Req() request: FastifyRequest): Promise<string> {
    const known = await this.views.of(caller, request.id);
    const { answer, records } = this.taken(request, caller, known);
    if (records.length > 0) {
      await this.publishing.publish(RISK_INTAKE, records, 'events');
    }
    return answer;
  }

  /** In a step of its own, the answer written already: while the log confirms, the memory holds bytes only. */
  private taken(request: FastifyRequest, caller: Principal, known: KnownPlaces) {
    const now = this.parts.clock.now().getTime();
    const { receipt, records } = takeIn(
      offeredIn(request.body, request.headers),
      { caller, known, secrets: this.parts.secrets, now },
      { tenant: caller.tenant, receivedAt: now, correlationId: request.id },
    );
    if (receipt.rejected > 0 && receipt.rejected === receipt.items.length) {
      throw noneTaken(receipt);
    }
    return { answer: JSON.stringify(receipt), records };
  }
}
