import type { Operation, Outcome, Principal } from '@linli/contracts';
import { covers } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { Caller, problem, queryPipe, statusOfKind, type ServiceParts } from '@linli/service';
import { Controller, Inject, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isPastRetention, ticketOf, type OperationTicket } from '../access/operation-token.js';
import { leaving } from '../api/leaving.js';
import { Serves } from '../api/operation.js';
import { getOperation } from '../api/other-operations.js';
import { Outcomes } from '../clients/outcomes.js';
import { outcomeRefusal } from '../clients/outcome-refusal.js';
import { PARTS } from '../parts.js';

const notFound = (): Refused =>
  new Refused(refuse('GTW_OPERATION_NOT_FOUND', 'not-found', 'There is no such operation.'));

/** Whoever sent the command, or a key of the tenant for all areas; with the scope that the command needed. */
const maySee = (caller: Principal, ticket: OperationTicket): boolean =>
  caller.tenant === ticket.tenant &&
  (caller.keyId === ticket.keyId || caller.areas === null) &&
  caller.scopes.includes(ticket.scope);

const shown = (outcome: Outcome | null, { acceptedAt }: OperationTicket, caller: Principal): Operation => {
  const accepted = acceptedAt.toISOString();
  if (!outcome) {
    return { status: 'pending', acceptedAt: accepted, completedAt: null };
  }
  const { status, completedAt, resource } = outcome;
  const refusal = outcomeRefusal(outcome);
  const area = (resource as { area?: unknown } | null)?.area;
  const visible = typeof area !== 'string' || covers(caller, area);
  return {
    status,
    acceptedAt: accepted,
    completedAt: status === 'parked' ? null : completedAt,
    ...(status === 'done' && visible ? { resource } : {}),
    ...(refusal ? { problem: problem(statusOfKind[refusal.kind], refusal) } : {}),
  };
};

/** `GET /v1/operations/{token}`: nothing is remembered here, the token holds it and the owner knows the rest. */
@Controller()
export class OperationQueries {
  constructor(
    @Inject(Outcomes) private readonly outcomes: Outcomes,
    @Inject(PARTS) private readonly parts: Pick<ServiceParts, 'clock' | 'secrets'>,
  ) {}

  @Serves(getOperation)
  async get(
    @Caller() caller: Principal,
    @Param('token') token: string,
    @Query(queryPipe(z.object({}))) _query: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Operation> {
    const ticket = ticketOf(this.parts.secrets, token);
    if (!ticket || !maySee(caller, ticket)) {
      throw notFound();
    }
    if (isPastRetention(ticket, this.parts.clock.now())) {
      throw new Refused(refuse('GTW_OPERATION_GONE', 'gone', 'Outcomes are kept for 35 days.'));
    }
    const asking = { caller, correlationId: request.id, signal: leaving(reply) };
    const outcome = await this.outcomes.of(ticket.commandId, asking);
    const known = outcome?.requestHash === ticket.requestHash ? outcome : null;
    const operation = shown(known, ticket, caller);
    if (operation.status === 'pending') {
      void reply.header('retry-after', '1');
    }
    return operation;
  }
}
