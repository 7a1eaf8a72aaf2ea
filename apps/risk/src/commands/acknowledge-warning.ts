import { CommandHandler, type Answer, type Handling } from '@linli/bus';
import type { Command } from '@linli/contracts';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { actorOf, changeWarning } from '../use-cases/change-warning.js';
import { NOTE_PURPOSE, PARTS, type Parts } from '../parts.js';
import { bodyOf } from './body.js';

/** The owner takes an issued warning. */
@Controller()
export class AcknowledgeWarning {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @CommandHandler('risk.acknowledge-warning')
  async handle(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
    const read = bodyOf('risk.acknowledge-warning', command);
    if ('refusal' in read) return read;
    const { note } = read.body;
    return changeWarning(command, handling, {
      actor: actorOf(command.principal),
      commands: [{ type: 'acknowledge' }],
      sealedNote: note ? this.parts.secrets.seal(NOTE_PURPOSE, note) : null,
    });
  }
}
