import { warningVerbs, type Principal, type WarningVerb } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { Caller, zodPipe } from '@linli/service';
import { Body, Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Serves } from '../api/operation.js';
import { warningCommands } from '../api/warning-operations.js';
import { CommandDoor } from './command-door.js';
import { placeOrder } from './order.js';
import { expectedVersionOf } from './preconditions.js';

const idOf = (text: string): string => {
  const id = z.uuid().safeParse(text);
  if (!id.success) {
    throw new Refused(refuse('WRN_NOT_FOUND', 'not-found', 'There is no such warning.'));
  }
  return id.data.toLowerCase();
};

/** What people do with warnings, one method a verb. */
@Controller()
export class WarningsController {
  constructor(@Inject(CommandDoor) private readonly door: CommandDoor) {}

  @Serves(warningCommands.issue)
  issue(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(zodPipe(warningVerbs.issue)) body: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.tell('issue', { caller, id, body }, request, reply);
  }

  @Serves(warningCommands.dismiss)
  dismiss(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(zodPipe(warningVerbs.dismiss)) body: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.tell('dismiss', { caller, id, body }, request, reply);
  }

  @Serves(warningCommands.acknowledge)
  acknowledge(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(zodPipe(warningVerbs.acknowledge)) body: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.tell('acknowledge', { caller, id, body }, request, reply);
  }

  @Serves(warningCommands.verify)
  verify(
    @Caller() caller: Principal,
    @Param('id') id: string,
    @Body(zodPipe(warningVerbs.verify)) body: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.tell('verify', { caller, id, body }, request, reply);
  }

  private tell(
    verb: WarningVerb,
    { caller, id, body }: { caller: Principal; id: string; body: object },
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    return placeOrder(this.door, caller, request, reply, {
      type: `risk.${verb}-warning`,
      aggregateId: idOf(id),
      expectedVersion: expectedVersionOf(request.headers['if-match']),
      data: body,
    });
  }
}
