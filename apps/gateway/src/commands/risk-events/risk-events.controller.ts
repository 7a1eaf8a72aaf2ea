import { CORRELATION, type NewRecord } from '@linli/bus';
import { RISK_INTAKE, type IntakeReceipt, type Principal } from '@linli/contracts';
import { refuse } from '@linli/kernel';
import { Caller, RefusedWith, type ServiceParts } from '@linli/service';
import { Controller, Header, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { postRiskEvents } from '../../api/event-operations.js';
import { Serves } from '../../api/operation.js';
import { IntakeViews } from '../../clients/intake-views.js';
import { PARTS } from '../../parts.js';
import { Publishing } from '../../clients/publishing.js';
import { Judges } from './judges.js';
import type { Pack } from './packing.js';

const noneTaken = (receipt: IntakeReceipt): RefusedWith =>
  new RefusedWith(refuse('RSK_NONE_TAKEN', 'invalid', 'None of the items could be taken; see items.'), {
    members: { ...receipt },
  });

const recordsOf = (packs: readonly Pack[], correlationId: string): NewRecord[] =>
  packs.map((pack) => ({
    ...pack,
    key: null,
    headers: { 'content-type': 'application/json', [CORRELATION]: correlationId },
  }));

/** The main road: risk events in, onto the log. Nothing is accepted that is not durably there. */
@Controller()
export class RiskEventsController {
  constructor(
    @Inject(IntakeViews) private readonly views: IntakeViews,
    @Inject(Judges) private readonly judges: Judges,
    @Inject(Publishing) private readonly publishing: Publishing,
    @Inject(PARTS) private readonly parts: Pick<ServiceParts, 'clock'>,
  ) {}

  @Serves(postRiskEvents)
  @Header('content-type', 'application/json; charset=utf-8')
  async post(@Caller() caller: Principal, @Req() request: FastifyRequest): Promise<string | Buffer> {
    const known = await this.views.of(caller, request.id);
    const taken = await this.judges.take({
      ...{ body: request.body, headers: request.headers },
      ...{ caller, known, correlationId: request.id },
      now: this.parts.clock.now().getTime(),
    });
    if ('noneTaken' in taken) {
      throw noneTaken(taken.noneTaken);
    }
    if (taken.packs.length > 0) {
      await this.publishing.publish(RISK_INTAKE, recordsOf(taken.packs, request.id), 'events');
    }
    return taken.answer;
  }
}
