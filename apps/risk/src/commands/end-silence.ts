import { CommandHandler, type Answer, type Handling } from '@linli/bus';
import { covers, type Command } from '@linli/contracts';
import { refuse } from '@linli/kernel';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { stateOf } from '../domain/silence.js';
import { PARTS, type Parts } from '../parts.js';
import { silences } from '../store/silences.js';
import { endReminder } from '../use-cases/silence-reminder.js';
import { silenceView } from '../use-cases/silence.view.js';
import { bodyOf } from './body.js';

/** Somebody ends a silence before its time. */
@Controller()
export class EndSilence {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @CommandHandler('risk.end-silence')
  async handle(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
    const read = bodyOf('risk.end-silence', command);
    if ('refusal' in read) return read;
    const { principal, tenant } = command;
    const { tx, now } = handling;
    const found = await silences.find(tx, tenant, read.body.id);
    if (!found || !covers(principal, found.area) || stateOf(found, now.getTime()) !== 'holds') {
      return {
        refusal: refuse('RSK_SILENCE_NOT_FOUND', 'not-found', 'There is no such silence that still holds.'),
      };
    }
    const at = now.getTime();
    await silences.end(tx, tenant, found.id, at, principal.name);
    if (found.remindedAt === null) endReminder(found, tenant, principal.keyId, handling);
    const ended = { ...found, endedAt: at, endedBy: principal.name };
    return { resource: silenceView(ended, this.parts.secrets, at), version: 2 };
  }
}
