import { warningVerbs, type Principal, type WarningVerb } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { Caller, zodPipe } from '@linli/service';
import { Body, Controller, Inject, Param, Req, Res, type Type } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Serves } from '../api/operation.js';
import { warningCommands } from '../api/warning-commands.js';
import { CommandDoor } from './command-door.js';
import { placeOrder } from './order.js';
import { expectedVersionOf } from './preconditions.js';

const Id = z.uuid();

const idOf = (text: string): string => {
  const id = Id.safeParse(text);
  if (!id.success) {
    throw new Refused(refuse('WRN_NOT_FOUND', 'not-found', 'There is no such warning.'));
  }
  return id.data.toLowerCase();
};

const doorOf = (verb: WarningVerb): Type => {
  @Controller()
  class WarningDoor {
    constructor(@Inject(CommandDoor) private readonly door: CommandDoor) {}

    @Serves(warningCommands[verb])
    tell(
      @Caller() caller: Principal,
      @Param('id') id: string,
      @Body(zodPipe(warningVerbs[verb])) body: object,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ) {
      return placeOrder(this.door, caller, request, reply, {
        type: `risk.${verb}-warning`,
        aggregateId: idOf(id),
        expectedVersion: expectedVersionOf(request.headers['if-match']),
        data: body,
      });
    }
  }
  return WarningDoor;
};

/** What people do with warnings: one controller a verb, all alike. */
export const warningDoors: readonly Type[] = (Object.keys(warningVerbs) as WarningVerb[]).map(doorOf);
