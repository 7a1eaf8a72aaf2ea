import { NewResponsePolicy, ResponsePolicySet, type Principal } from '@linli/contracts';
import { Caller, queryPipe, zodPipe } from '@linli/service';
import { Body, Controller, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { requireEverywhere } from '../access/operator.js';
import { leaving } from '../api/leaving.js';
import { Serves } from '../api/operation.js';
import { setResponsePolicy } from '../api/response-policy-operations.js';
import { ServiceClient } from '../clients/services.js';
import { CommandDoor } from './command-door.js';
import { placeOrder } from './order.js';
import { registerOf } from './wish.js';

const setQuery = queryPipe(setResponsePolicy.query as z.ZodObject);
/** It may be weighed for a hundred thousand deadlines. */
const WEIGHS_WITHIN_MS = 25_000;

/** Within which time a tenant answers warnings; it concerns every area, so a limited key may not set it. */
@Controller()
export class ResponsePolicyController {
  constructor(
    @Inject(CommandDoor) private readonly door: CommandDoor,
    @Inject(ServiceClient) private readonly services: ServiceClient,
  ) {}

  @Serves(setResponsePolicy)
  async set(
    @Caller() caller: Principal,
    @Query(setQuery) { dryRun }: { dryRun?: string },
    @Body(zodPipe(NewResponsePolicy)) body: NewResponsePolicy,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<unknown> {
    requireEverywhere(caller);
    if (dryRun === 'true') {
      const asking = { caller, correlationId: request.id, signal: leaving(reply), body };
      const path = '/internal/risk/response-policy/difference';
      return this.services.ask('risk', path, ResponsePolicySet, {
        ...asking,
        withinMs: WEIGHS_WITHIN_MS,
      });
    }
    return placeOrder(this.door, caller, request, reply, {
      ...{ type: 'risk.set-response-policy', aggregateId: registerOf(caller), expectedVersion: null },
      data: body,
    });
  }
}
