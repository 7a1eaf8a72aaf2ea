import { CommandHandler, type Answer, type Handling } from '@linli/bus';
import type { Command } from '@linli/contracts';
import { refuse } from '@linli/kernel';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { credits } from '../store/credits.js';
import { bodyOf } from './body.js';

/** What a verified warning taught about a source does not count any more; who said so, when and why is kept beside it. */
@Controller()
export class UndoCredit {
  @CommandHandler('risk.undo-credit')
  async handle(@Payload() command: Command, @Ctx() { tx, now }: Handling): Promise<Answer> {
    const read = bodyOf('risk.undo-credit', command);
    if ('refusal' in read) return read;
    const { source, warning, reason } = read.body;
    const by = command.principal.name;
    const { tenant } = command;
    const at = now.getTime();
    return (await credits.undo(tx, { tenant, source, warning }, { at, by, reason }))
      ? { resource: { source, warning, undone: { at: now.toISOString(), by, reason } }, version: 1 }
      : {
          refusal: refuse(
            'RSK_CREDIT_NOT_FOUND',
            'not-found',
            'This warning taught nothing about this source that still counts.',
          ),
        };
  }
}
