import type { NewFact } from '@linli/bus';
import {
  colourOf,
  RISK_WARNINGS,
  WarningAckedV1,
  WarningCandidateV1,
  WarningDismissedV1,
  WarningEscalatedV1,
  WarningIssuedV1,
  WarningVerifiedV1,
  type Colour,
  type WarningScope,
} from '@linli/contracts';
import type { Level } from './domain/colour.js';
import type { Scope } from './domain/scope.js';
import type { Warning, WarningFact } from './domain/warning.js';

export const colourName = (level: Level): Colour => {
  const colour = colourOf(level);
  if (!colour) throw new Error('a warning has a colour');
  return colour;
};

export const scopeView = ({ kind, name }: Scope): WarningScope => ({ [kind]: name }) as WarningScope;

/** A fact as the world hears it: type and data of the contract. `after` is the warning with the fact in it. */
const contractOf = (fact: WarningFact, after: Warning): { type: string; data: object } => {
  const { area, category, score } = after;
  const colour = colourName(after.level);
  const scope = scopeView(after.scope);
  switch (fact.type) {
    case 'candidate': {
      const { placeId, generation, ruleVersion } = after;
      const data = { category, area, scope, colour, score, placeId, generation, ruleVersion };
      return { type: WarningCandidateV1.type, data };
    }
    case 'issued':
      return { type: WarningIssuedV1.type, data: { category, area, scope, colour, score } };
    case 'dismissed':
      return { type: WarningDismissedV1.type, data: { area, colour, reason: fact.reason } };
    case 'acked':
      return { type: WarningAckedV1.type, data: { area, colour } };
    case 'escalated': {
      const data = { area, from: colourName(fact.from), colour, score, cause: fact.cause };
      return { type: WarningEscalatedV1.type, data };
    }
    case 'verified':
    default:
      return { type: WarningVerifiedV1.type, data: { area, colour, result: fact.result } };
  }
};

/** All that this service tells the world, on `linli.risk.warnings.v1`, keyed by warning. */
export const published = (tenant: string, fact: WarningFact, after: Warning): NewFact => ({
  topic: RISK_WARNINGS.name,
  tenant,
  aggregateId: after.id,
  aggregateVersion: after.version,
  ...contractOf(fact, after),
});
