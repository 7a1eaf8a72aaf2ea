import { CommandHandler, type Answer, type Handling } from '@linli/bus';
import { covers, findCategory, isWellFormedArea, type Command, type RiskCommand } from '@linli/contracts';
import { refuse, type Flaw, type Refusal } from '@linli/kernel';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { incidents, type Incident } from '../store/incidents.js';
import { warnings } from '../store/warnings.js';
import { incidentView } from '../use-cases/incident.view.js';
import { bodyOf } from './body.js';

type Body = RiskCommand<'risk.record-incident'>;

const flaw = (pointer: string, detail: string): Flaw => ({ pointer, code: 'RSK_INCIDENT_INVALID', detail });

const flawsIn = ({ category, area, happenedAt }: Body, now: number): Flaw[] => [
  ...(findCategory(category) ? [] : [flaw('/category', 'is no category; see GET /v1/risk-categories')]),
  ...(isWellFormedArea(area) ? [] : [flaw('/area', 'must be the code of a community: 12, 15 or 17 digits')]),
  ...(Date.parse(happenedAt) > now ? [flaw('/happenedAt', 'must not lie in the future')] : []),
];

/** A warning that is named must be real, and one that the key sees. */
const flawsOfWarning = async (
  { warning }: Body,
  { tenant, principal }: Command,
  { tx }: Handling,
): Promise<Flaw[]> => {
  if (warning === undefined) return [];
  const found = (await warnings.find(tx, tenant, warning))?.warning;
  return found && covers(principal, found.area) && !found.exercise
    ? []
    : [flaw('/warning', 'is no real warning in the areas of the key')];
};

const known = ({ source, reference }: Body): Refusal =>
  refuse(
    'RSK_INCIDENT_KNOWN',
    'conflict',
    `${source} ${reference} is recorded; withdraw that record first if it is wrong.`,
  );

/** Somebody tells of an event of record, so that recall knows of what nobody was warned of. */
@Controller()
export class RecordIncident {
  @CommandHandler('risk.record-incident')
  async handle(@Payload() command: Command, @Ctx() handling: Handling): Promise<Answer> {
    const read = bodyOf('risk.record-incident', command);
    if ('refusal' in read) return read;
    const { principal, tenant, commandId: id } = command;
    const { category, area, happenedAt, source, reference, warning = null } = read.body;
    if (!covers(principal, area)) {
      return { refusal: refuse('AREA_FORBIDDEN', 'forbidden', 'The area lies outside those of the key.') };
    }
    const now = handling.now.getTime();
    const flaws = [...flawsIn(read.body, now), ...(await flawsOfWarning(read.body, command, handling))];
    if (flaws.length > 0) {
      return { refusal: refuse('RSK_INCIDENT_INVALID', 'invalid', 'No such event can be.', flaws) };
    }
    const incident: Incident = {
      ...{ id, category: findCategory(category)?.code ?? category, area, source, reference, warning },
      ...{ happenedAt: Date.parse(happenedAt), recordedAt: now, recordedBy: principal.name, withdrawn: null },
    };
    return (await incidents.add(handling.tx, tenant, incident))
      ? { resource: incidentView(incident), version: 1 }
      : { refusal: known(read.body) };
  }
}
