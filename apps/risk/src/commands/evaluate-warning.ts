import { CommandHandler, type Answer, type Handling } from '@linli/bus';
import type { Command } from '@linli/contracts';
import { refuse } from '@linli/kernel';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { changeWarning } from '../use-cases/change-warning.js';
import type { Level } from '../domain/colour.js';
import type { WarningCommand } from '../domain/warning.commands.js';
import { places } from '../store/places.js';
import { bodyOf } from './body.js';

const YELLOW = 1;

/**
 * From this service to itself: a place reached a level. Raises the candidate, or the colour of the warning that is there;
 * a candidate that is yellow is issued at once, so one that passes through yellow is issued already when it turns orange,
 * and one that jumps to orange waits for the duty officer. The gateway has no route to it, and command records are signed.
 */
@Controller()
export class EvaluateWarning {
  @CommandHandler('risk.evaluate-warning')
  async handle(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
    const read = bodyOf('risk.evaluate-warning', command);
    if ('refusal' in read) return read;
    const { placeId, generation, level, score } = read.body;
    const [place] = await places.find(handling.tx, [placeId]);
    if (!place || place.tenant !== command.tenant || place.generation !== generation) {
      return { refusal: refuse('WRN_STATE', 'conflict', 'The place was cleared since.') };
    }
    const { category, area, scope, exercise, assessment } = place;
    const evaluate: WarningCommand = {
      type: 'evaluate',
      subject: { placeId, generation, category, area, scope, exercise },
      level: level as Level,
      score,
      ruleVersion: assessment?.version ?? '',
    };
    return changeWarning(command, handling, {
      actor: { kind: 'system' },
      commands: level === YELLOW ? [evaluate, { type: 'issue' }] : [evaluate],
      sealedNote: null,
    });
  }
}
