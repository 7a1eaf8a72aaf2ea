import { NewSilence, type Principal } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { Caller, zodPipe } from '@linli/service';
import { Body, Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Serves } from '../api/operation.js';
import { addSilence, endSilence } from '../api/silence-operations.js';
import { CommandDoor } from './command-door.js';
import { placeOrder } from './order.js';
import { registerOf } from './wish.js';

const nothing = zodPipe(z.object({}).strict());

/** What is muted for a while. */
@Controller()
export class SilencesController {
  constructor(@Inject(CommandDoor) private readonly door: CommandDoor) {}

  @Serves(addSilence)
  add(
    @Caller() caller: Principal,
    @Body(zodPipe(NewSilence)) body: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const aggregateId = registerOf(caller);
    return placeOrder(this.door, caller, request, reply, {
      ...{ type: 'risk.silence', aggregateId, expectedVersion: null, data: body },
    });
  }

  @Serves(endSilence)
  end(
    @Caller() caller: Principal,
    @Param('id') text: string,
    @Body(nothing) _body: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const id = z.uuid().safeParse(text).data;
    if (id === undefined) {
      throw new Refused(refuse('RSK_SILENCE_NOT_FOUND', 'not-found', 'There is no such silence.'));
    }
    const aggregateId = registerOf(caller);
    return placeOrder(this.door, caller, request, reply, {
      ...{ type: 'risk.end-silence', aggregateId, expectedVersion: null, data: { id: id.toLowerCase() } },
    });
  }
}
