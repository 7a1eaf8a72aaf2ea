import { riskCommands, type Principal, type RiskCommandType } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { Caller, zodPipe } from '@linli/service';
import { Body, Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { replayQuarantine } from '../api/event-operations.js';
import { Serves } from '../api/operation.js';
import { loadAreas } from '../api/other-operations.js';
import { choosePalette, undoCredit } from '../api/risk-operations.js';
import { IntakeViews } from '../clients/intake-views.js';
import { CommandDoor } from './command-door.js';
import { placeOrder } from './order.js';
import { registerOf } from './wish.js';

/** Changes of a tenant's register: its areas, its mappings, its palette, what it learned of sources. They concern every area, so a limited key may not. */
@Controller()
export class RegisterController {
  constructor(
    @Inject(CommandDoor) private readonly door: CommandDoor,
    @Inject(IntakeViews) private readonly views: IntakeViews,
  ) {}

  @Serves(loadAreas)
  load(
    @Caller() caller: Principal,
    @Body(zodPipe(riskCommands['risk.load-areas'])) body: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.tell('risk.load-areas', { caller, body }, request, reply);
  }

  @Serves(replayQuarantine)
  replay(
    @Caller() caller: Principal,
    @Body(zodPipe(riskCommands['risk.replay-quarantine'])) body: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.tell('risk.replay-quarantine', { caller, body }, request, reply);
  }

  @Serves(choosePalette)
  palette(
    @Caller() caller: Principal,
    @Body(zodPipe(riskCommands['risk.choose-palette'])) body: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.tell('risk.choose-palette', { caller, body }, request, reply);
  }

  @Serves(undoCredit)
  undo(
    @Caller() caller: Principal,
    @Body(zodPipe(riskCommands['risk.undo-credit'])) body: object,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.tell('risk.undo-credit', { caller, body }, request, reply);
  }

  private async tell(
    type: RiskCommandType,
    { caller, body }: { caller: Principal; body: object },
    request: FastifyRequest,
    reply: FastifyReply,
  ) {
    if (caller.areas !== null) {
      throw new Refused(
        refuse(
          'GTW_AREA_LIMITED',
          'forbidden',
          'This changes the whole tenant; your key is limited to areas.',
        ),
      );
    }
    const answer = await placeOrder(this.door, caller, request, reply, {
      type,
      aggregateId: registerOf(caller),
      expectedVersion: null,
      data: body,
    });
    this.views.forget(caller.tenant);
    return answer;
  }
}
