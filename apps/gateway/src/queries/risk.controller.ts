import type { Principal } from '@linli/contracts';
import { Caller, queryPipe } from '@linli/service';
import { Controller, Inject, Query, Req, Res, type Type } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { listIncidents } from '../api/incident-operations.js';
import { Serves, type Operation } from '../api/operation.js';
import { getResponsePolicy } from '../api/response-policy-operations.js';
import { getPalette, riskAccuracy, riskCredits, riskMap, riskSources } from '../api/risk-operations.js';
import { listSecondLooks } from '../api/second-look-operations.js';
import { listSilences } from '../api/silence-operations.js';
import { RiskClient } from '../clients/risk.js';
import { passOn } from './passing.js';

const answered = (operation: Operation): Type => {
  const pipe = queryPipe(operation.query ?? z.object({}));

  @Controller()
  class RiskQuery {
    constructor(@Inject(RiskClient) private readonly risk: RiskClient) {}

    @Serves(operation)
    ask(
      @Caller() caller: Principal,
      @Query(pipe) query: Record<string, unknown>,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ) {
      return passOn(this.risk, caller, request, reply, query);
    }
  }
  return RiskQuery;
};

/** What is asked about warnings taken together; the risk service answers. One controller a question, all alike. */
export const riskQueries: readonly Type[] = [
  riskAccuracy,
  riskMap,
  riskSources,
  riskCredits,
  getPalette,
  getResponsePolicy,
  listSilences,
  listIncidents,
  listSecondLooks,
].map(answered);
