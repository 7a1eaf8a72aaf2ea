import type { Principal } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { Caller, queryPipe } from '@linli/service';
import { Controller, Inject, Param, Query, Req, Res, type Type } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Serves, type Operation } from '../api/operation.js';
import {
  explainDeadline,
  getWarning,
  listWarnings,
  warningDeadlines,
  warningExplanation,
  warningFeatures,
  warningTimeline,
} from '../api/warning-operations.js';
import { RiskClient } from '../clients/risk.js';
import { passOn } from './passing.js';

const listQuery = listWarnings.query as z.ZodObject;
const featuresQuery = warningFeatures.query as z.ZodObject;
const none = queryPipe(z.object({}));

const checkId = (id: string, code = 'WRN_NOT_FOUND', what = 'warning'): void => {
  if (!z.uuid().safeParse(id).success) {
    throw new Refused(refuse(code, 'not-found', `There is no such ${what}.`));
  }
};

/** What is asked about warnings; the risk service answers. */
@Controller()
class WarningQueries {
  constructor(@Inject(RiskClient) private readonly risk: RiskClient) {}

  @Serves(listWarnings)
  list(
    @Caller() caller: Principal,
    @Query(queryPipe(listQuery)) query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return passOn(this.risk, caller, request, reply, query);
  }

  @Serves(warningFeatures)
  features(
    @Caller() caller: Principal,
    @Query(queryPipe(featuresQuery)) query: Record<string, unknown>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return passOn(this.risk, caller, request, reply, query);
  }

  @Serves(getWarning)
  async one(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Query(none) _query: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    checkId(id);
    const body = await passOn(this.risk, caller, request, reply);
    if (reply.statusCode === 200) {
      void reply.header('etag', `"${(JSON.parse(body) as { version: number }).version}"`);
    }
    return body;
  }
}

/** What is asked of one warning, or of one deadline: one controller a question, all alike. */
const ofOne = (operation: Operation, code?: string, what?: string): Type => {
  @Controller()
  class QueryOfOne {
    constructor(@Inject(RiskClient) private readonly risk: RiskClient) {}

    @Serves(operation)
    ask(
      @Caller() caller: Principal,
      @Param('id') id: string,
      @Query(none) _query: object,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ) {
      checkId(id, code, what);
      return passOn(this.risk, caller, request, reply);
    }
  }
  return QueryOfOne;
};

export const warningQueries: readonly Type[] = [
  WarningQueries,
  ofOne(warningTimeline),
  ofOne(warningExplanation),
  ofOne(warningDeadlines),
  ofOne(explainDeadline, 'DEADLINE_NOT_FOUND', 'deadline'),
];
