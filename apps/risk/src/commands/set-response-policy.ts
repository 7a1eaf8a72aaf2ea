import { CommandHandler, type Answer, type Handling } from '@linli/bus';
import type { Command } from '@linli/contracts';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { deadlinesOf, PARTS, type Parts } from '../parts.js';
import { setPolicy } from '../use-cases/set-policy.js';
import { bodyOf } from './body.js';

/** The tenant says within which time its warnings are answered. */
@Controller()
export class SetResponsePolicy {
  constructor(@Inject(PARTS) private readonly parts: Pick<Parts, 'deadlines'>) {}

  @CommandHandler('risk.set-response-policy')
  async handle(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
    const read = bodyOf('risk.set-response-policy', command);
    if ('refusal' in read) return read;
    const { tenant, principal } = command;
    const order = { tenant, by: principal.keyId, body: read.body };
    const set = await setPolicy(deadlinesOf(this.parts), order, handling);
    return 'kind' in set ? { refusal: set } : { resource: set, version: 1 };
  }
}
