import { CommandHandler, type Answer, type Handling } from '@linli/bus';
import type { Command } from '@linli/contracts';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { changeWarning } from '../use-cases/change-warning.js';
import { bodyOf } from './body.js';

/** From this service to itself: nobody verified the warning, and no signal came for long. */
@Controller()
export class ExpireWarning {
  @CommandHandler('risk.expire-warning')
  async handle(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
    const read = bodyOf('risk.expire-warning', command);
    if ('refusal' in read) return read;
    return changeWarning(command, handling, {
      actor: { kind: 'system' },
      commands: [{ type: 'expire' }],
      sealedNote: null,
    });
  }
}
