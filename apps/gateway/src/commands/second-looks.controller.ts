import { NewSecondLook, type Principal } from '@linli/contracts';
import { Caller, zodPipe } from '@linli/service';
import { Body, Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Serves } from '../api/operation.js';
import { recordSecondLook } from '../api/second-look-operations.js';
import { CommandDoor } from './command-door.js';
import { placeOrder } from './order.js';
import { registerOf } from './wish.js';

/** What a second officer found. */
@Controller()
export class SecondLooksController {
  constructor(@Inject(CommandDoor) private readonly door: CommandDoor) {}

  @Serves(recordSecondLook)
  record(
    @Caller() caller: Principal,
    @Body(zodPipe(NewSecondLook)) data: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const aggregateId = registerOf(caller);
    return placeOrder(this.door, caller, request, reply, {
      ...{ type: 'risk.record-second-look', aggregateId, expectedVersion: null, data },
    });
  }
}
