import { IncidentWithdrawal, NewIncident, type Principal } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { Caller, zodPipe } from '@linli/service';
import { Body, Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { recordIncident, withdrawIncident } from '../api/incident-operations.js';
import { Serves } from '../api/operation.js';
import { CommandDoor } from './command-door.js';
import { placeOrder } from './order.js';
import { registerOf } from './wish.js';

/** What happened, by the records of others. */
@Controller()
export class IncidentsController {
  constructor(@Inject(CommandDoor) private readonly door: CommandDoor) {}

  @Serves(recordIncident)
  record(
    @Caller() caller: Principal,
    @Body(zodPipe(NewIncident)) body: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const aggregateId = registerOf(caller);
    return placeOrder(this.door, caller, request, reply, {
      ...{ type: 'risk.record-incident', aggregateId, expectedVersion: null, data: body },
    });
  }

  @Serves(withdrawIncident)
  withdraw(
    @Caller() caller: Principal,
    @Param('id') text: string,
    @Body(zodPipe(IncidentWithdrawal)) body: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const id = z.uuid().safeParse(text).data;
    if (id === undefined) {
      throw new Refused(refuse('RSK_INCIDENT_NOT_FOUND', 'not-found', 'There is no such record.'));
    }
    const data = { ...body, id: id.toLowerCase() };
    return placeOrder(this.door, caller, request, reply, {
      ...{ type: 'risk.withdraw-incident', aggregateId: registerOf(caller), expectedVersion: null, data },
    });
  }
}
