import { CommandHandler, type Answer, type Handling } from '@linli/bus';
import { covers, type Command } from '@linli/contracts';
import { refuse } from '@linli/kernel';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { incidents } from '../store/incidents.js';
import { incidentView } from '../use-cases/incident.view.js';
import { bodyOf } from './body.js';

/** A record was wrong: it stays visible, with who withdrew it, when and why, and does not count any more. */
@Controller()
export class WithdrawIncident {
  @CommandHandler('risk.withdraw-incident')
  async handle(@Payload() command: Command, @Ctx() { tx, now }: Handling): Promise<Answer> {
    const read = bodyOf('risk.withdraw-incident', command);
    if ('refusal' in read) return read;
    const { principal, tenant } = command;
    const found = await incidents.find(tx, tenant, read.body.id);
    if (!found || !covers(principal, found.area) || found.withdrawn) {
      return {
        refusal: refuse('RSK_INCIDENT_NOT_FOUND', 'not-found', 'There is no such record that still counts.'),
      };
    }
    const withdrawn = { at: now.getTime(), by: principal.name, reason: read.body.reason };
    await incidents.withdraw(tx, tenant, found.id, withdrawn);
    return { resource: incidentView({ ...found, withdrawn }), version: 2 };
  }
}
