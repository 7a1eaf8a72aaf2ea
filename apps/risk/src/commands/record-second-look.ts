import { CommandHandler, type Answer, type Handling } from '@linli/bus';
import { covers, type Command, type SecondLook } from '@linli/contracts';
import { refuse } from '@linli/kernel';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { NOTE_PURPOSE, PARTS, type Parts } from '../parts.js';
import { secondLooks } from '../store/second-looks.js';
import { bodyOf } from './body.js';

/** A second officer says what is there. Nothing about the warning changes: it is the first who is measured. */
@Controller()
export class RecordSecondLook {
  constructor(@Inject(PARTS) private readonly parts: Parts) {}

  @CommandHandler('risk.record-second-look')
  async handle(@Payload() command: Command, @Ctx() { tx, now }: Handling): Promise<Answer> {
    const read = bodyOf('risk.record-second-look', command);
    if ('refusal' in read) return read;
    const { tenant, principal } = command;
    const { warning, result: second, evidence } = read.body;
    const waiting = await secondLooks.find(tx, tenant, warning);
    if (!waiting || !covers(principal, waiting.area)) {
      return {
        refusal: refuse('RSK_SECOND_LOOK_NOT_FOUND', 'not-found', 'No second look is asked for there.'),
      };
    }
    if (waiting.firstKey === principal.keyId) {
      return {
        refusal: refuse('WRN_SELF_VERIFY', 'forbidden', 'It takes another key than the one that verified.'),
      };
    }
    const sealedEvidence = this.parts.secrets.seal(NOTE_PURPOSE, evidence);
    const done = { second, by: principal.name, at: now.getTime(), sealedEvidence };
    await secondLooks.finish(tx, tenant, warning, done);
    const { first } = waiting;
    const resource: SecondLook = { warning, first, second, at: now.toISOString(), by: principal.name };
    return { resource, version: 1 };
  }
}
