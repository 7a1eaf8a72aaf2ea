import type { Principal } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { Caller, isStorable, queryPipe } from '@linli/service';
import { Controller, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { quarantine, riskEventFate, riskEventSummary } from '../api/event-operations.js';
import { Serves } from '../api/operation.js';
import { RiskClient } from '../clients/risk.js';
import { isDotSegment, passOn } from './passing.js';

const summaryQuery = riskEventSummary.query as z.ZodObject;
const quarantineQuery = quarantine.query as z.ZodObject;

/** What became of events; the risk service answers. */
@Controller()
export class RiskEventQueries {
  constructor(@Inject(RiskClient) private readonly risk: RiskClient) {}

  @Serves(riskEventSummary)
  summary(
    @Caller() caller: Principal,
    @Query(queryPipe(summaryQuery)) query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return passOn(this.risk, caller, request, reply, query);
  }

  @Serves(quarantine)
  quarantined(
    @Caller() caller: Principal,
    @Query(queryPipe(quarantineQuery)) query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return passOn(this.risk, caller, request, reply, query);
  }

  @Serves(riskEventFate)
  fate(
    @Caller() caller: Principal,
    @Param() path: { source: string; id: string },
    @Query(queryPipe(z.object({}))) _query: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const parts = [path.source, path.id];
    if (parts.some((part) => !isStorable(part) || isDotSegment(part) || part.length > 128)) {
      throw new Refused(refuse('RSK_EVENT_NOT_FOUND', 'not-found', 'There is no such event.'));
    }
    return passOn(this.risk, caller, request, reply);
  }
}
