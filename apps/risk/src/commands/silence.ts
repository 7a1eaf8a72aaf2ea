import { CommandHandler, type Answer, type Handling } from '@linli/bus';
import { covers, findCategory, riskGroups, type Command, type RiskCommand } from '@linli/contracts';
import { refuse, type Flaw } from '@linli/kernel';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { reminderOf, silenceFlaws, type SilenceWish } from '../domain/silence.js';
import { NOTE_PURPOSE, PARTS, type Parts } from '../parts.js';
import { silences, type Silence } from '../store/silences.js';
import { armReminder } from '../use-cases/silence-reminder.js';
import { silenceView } from '../use-cases/silence.view.js';
import { bodyOf } from './body.js';

type Body = RiskCommand<'risk.silence'>;

/** Code or group; null for all, undefined for what is neither. */
const categoryOf = ({ category }: Body): string | null | undefined => {
  if (category === undefined) return null;
  return Object.hasOwn(riskGroups, category) ? category : findCategory(category)?.code;
};

const wishOf = ({ until, remindAt }: Body, from: number): SilenceWish => ({
  from,
  until: Date.parse(until),
  remindAt: remindAt === undefined ? null : Date.parse(remindAt),
});

const unknownCategory: Flaw = {
  pointer: '/category',
  code: 'RSK_SILENCE_INVALID',
  detail: 'is no category and no group of categories',
};

/** Somebody mutes the notifications of new warnings in an area. */
@Controller()
export class SilenceWarnings {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @CommandHandler('risk.silence')
  async handle(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
    const read = bodyOf('risk.silence', command);
    if ('refusal' in read) return read;
    const { principal, tenant, commandId: id } = command;
    const { tx, now } = handling;
    const { area, reason } = read.body;
    if (!covers(principal, area)) {
      return { refusal: refuse('AREA_FORBIDDEN', 'forbidden', 'The area lies outside those of the key.') };
    }
    const wish = wishOf(read.body, now.getTime());
    const category = categoryOf(read.body);
    const flaws = [...silenceFlaws(wish), ...(category === undefined ? [unknownCategory] : [])];
    if (flaws.length > 0 || category === undefined) {
      return { refusal: refuse('RSK_SILENCE_INVALID', 'invalid', 'Such a silence cannot be.', flaws) };
    }
    const silence: Silence = {
      ...{
        id,
        area,
        category,
        owner: principal.name,
        ownerKey: principal.keyId,
        from: wish.from,
        until: wish.until,
      },
      ...{ remindAt: reminderOf(wish), remindedAt: null, endedAt: null, endedBy: null },
      sealedReason: this.parts.secrets.seal(NOTE_PURPOSE, reason),
    };
    await silences.add(tx, tenant, silence);
    armReminder(silence, command, handling);
    return { resource: silenceView(silence, this.parts.secrets, now.getTime()), version: 1 };
  }
}
