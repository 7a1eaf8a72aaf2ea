import { CommandHandler, type Answer, type Handling } from '@linli/bus';
import type { Command } from '@linli/contracts';
import { refuse } from '@linli/kernel';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { WarningCommand } from '../domain/warning.commands.js';
import type { Warning } from '../domain/warning.js';
import { places } from '../store/places.js';
import { warnings } from '../store/warnings.js';
import { levelToTell } from '../use-cases/assess-places.js';
import { changeWarning } from '../use-cases/change-warning.js';
import { openRuleBook } from '../use-cases/rules.js';
import { bodyOf } from './body.js';

/** What the place shows by now, if that is more than the colour at which the warning is reopened. */
const raisedBy = async (
  found: Warning | null,
  command: Command,
  { tx, now }: Handling,
): Promise<WarningCommand[]> => {
  const [place] = found ? await places.find(tx, [found.placeId]) : [];
  if (!found || !place?.assessment || place.generation !== found.generation) return [];
  const rule = (await openRuleBook(tx, [command.tenant], now.getTime())).ruleOf(place);
  const level = levelToTell(place, rule);
  const { score, version: ruleVersion } = place.assessment;
  const { placeId, generation, category, area, scope, exercise } = found;
  const subject = { placeId, generation, category, area, scope, exercise };
  return level > found.level ? [{ type: 'evaluate', subject, level, score, ruleVersion }] : [];
};

/** From this service to itself: a signal came after the danger was gone. Reopens the warning, at its old colour or higher. */
@Controller()
export class ReviveWarning {
  @CommandHandler('risk.revive-warning')
  async handle(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
    const read = bodyOf('risk.revive-warning', command);
    if ('refusal' in read) return read;
    const { tenant, aggregateId } = command;
    const found = (await warnings.find(handling.tx, tenant, aggregateId))?.warning ?? null;
    if (found && Date.parse(read.body.signalAt) <= (found.monitoredAt ?? -Infinity)) {
      return { refusal: refuse('WRN_STATE', 'conflict', 'The danger was found gone after this signal.') };
    }
    return changeWarning(command, handling, {
      actor: { kind: 'system' },
      commands: [{ type: 'reopen' }, ...(await raisedBy(found, command, handling))],
      sealedNote: null,
    });
  }
}
