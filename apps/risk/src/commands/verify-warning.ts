import { CommandHandler, type Answer, type Handling } from '@linli/bus';
import type { Command } from '@linli/contracts';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { actorOf, changeWarning } from '../use-cases/change-warning.js';
import { NOTE_PURPOSE, PARTS, type Parts } from '../parts.js';
import { bodyOf } from './body.js';

/** An officer on site says what was found. */
@Controller()
export class VerifyWarning {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @CommandHandler('risk.verify-warning')
  async handle(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
    const read = bodyOf('risk.verify-warning', command);
    if ('refusal' in read) return read;
    const { result, evidence } = read.body;
    return changeWarning(command, handling, {
      actor: actorOf(command.principal),
      commands: [{ type: 'verify', result, evidence }],
      sealedNote: this.parts.secrets.seal(NOTE_PURPOSE, evidence),
    });
  }
}
