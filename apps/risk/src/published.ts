import type { NewFact } from '@linli/bus';
import {
  colourOf,
  RISK_WARNINGS,
  SilenceRemindedV1,
  WarningAckedV1,
  WarningAckedV2,
  WarningCandidateV1,
  WarningCandidateV2,
  WarningClosedV1,
  WarningDismissedV1,
  WarningDismissedV2,
  WarningEscalatedV1,
  WarningEscalatedV2,
  WarningExpiredV1,
  WarningHandedOverV1,
  WarningIssuedV1,
  WarningIssuedV2,
  WarningLinkedV1,
  WarningLoweredV1,
  WarningMergedV1,
  WarningMonitoringV1,
  WarningPlanSetV1,
  WarningRemindedV1,
  WarningReopenedV1,
  WarningSupervisedV1,
  WarningUpdatedV1,
  WarningVerifiedV1,
  WarningVerifiedV2,
  WarningVisitedV1,
  type Colour,
  type DeadlineReached,
  type WarningScope,
} from '@linli/contracts';
import type { Level } from './domain/colour.js';
import type { Scope } from './domain/scope.js';
import type { WarningFact } from './domain/warning.facts.js';
import type { Warning } from './domain/warning.js';

export const colourName = (level: Level): Colour => {
  const colour = colourOf(level);
  if (!colour) throw new Error('a warning has a colour');
  return colour;
};

export const scopeView = ({ kind, name }: Scope): WarningScope => ({ [kind]: name }) as WarningScope;

const iso = (at: number): string => new Date(at).toISOString();

type Contract<T extends WarningFact['type']> = {
  readonly type: string;
  /** Where `type` has no room for `exercise`: the version as which it is told of one. Who knows only the first hears none. */
  readonly ofExercise?: string;
  readonly data: (fact: Extract<WarningFact, { type: T }>, after: Warning) => object;
};

/** What it is about; every fact says the area and the colour that the warning has with it. */
const subjectOf = ({ category, scope, score }: Warning) => ({ category, scope: scopeView(scope), score });

/** Each fact as the world hears it: type and data of the contract. `after` is the warning with the fact in it. */
const contracts: { readonly [T in WarningFact['type']]: Contract<T> } = {
  candidate: {
    type: WarningCandidateV1.type,
    ofExercise: WarningCandidateV2.type,
    data: (_fact, after) => {
      const { placeId, generation, ruleVersion } = after;
      return { ...subjectOf(after), placeId, generation, ruleVersion };
    },
  },
  issued: {
    type: WarningIssuedV1.type,
    ofExercise: WarningIssuedV2.type,
    data: (_fact, after) => subjectOf(after),
  },
  dismissed: {
    type: WarningDismissedV1.type,
    ofExercise: WarningDismissedV2.type,
    data: ({ reason }) => ({ reason }),
  },
  acked: { type: WarningAckedV1.type, ofExercise: WarningAckedV2.type, data: () => ({}) },
  escalated: {
    type: WarningEscalatedV1.type,
    ofExercise: WarningEscalatedV2.type,
    data: ({ from, cause }, { score }) => ({ from: colourName(from), score, cause }),
  },
  verified: {
    type: WarningVerifiedV1.type,
    ofExercise: WarningVerifiedV2.type,
    data: ({ result }) => ({ result }),
  },
  plan_set: {
    type: WarningPlanSetV1.type,
    data: ({ due, measures, people }) => ({ due: iso(due), measures, people }),
  },
  handed_over: { type: WarningHandedOverV1.type, data: ({ body, reference }) => ({ body, reference }) },
  updated: { type: WarningUpdatedV1.type, data: ({ reassessed }) => ({ reassessed }) },
  linked: { type: WarningLinkedV1.type, data: ({ kind, target }) => ({ kind, target }) },
  lowered: { type: WarningLoweredV1.type, data: ({ from }) => ({ from: colourName(from) }) },
  monitoring: { type: WarningMonitoringV1.type, data: () => ({}) },
  visited: { type: WarningVisitedV1.type, data: ({ visit }) => ({ visit }) },
  closed: {
    type: WarningClosedV1.type,
    data: ({ outcome, happenedAt }) => ({
      outcome,
      happenedAt: happenedAt === null ? null : iso(happenedAt),
    }),
  },
  reopened: { type: WarningReopenedV1.type, data: ({ cause }) => ({ cause }) },
  merged: { type: WarningMergedV1.type, data: ({ into, because }) => ({ into, because }) },
  expired: { type: WarningExpiredV1.type, data: () => ({}) },
  supervised: {
    type: WarningSupervisedV1.type,
    data: ({ clock, due, supervision, notice }) => ({ clock, due: iso(due), supervision, notice }),
  },
};

const contractOf = (fact: WarningFact, after: Warning): { type: string; data: object } => {
  const { type, ofExercise, data } = contracts[fact.type] as Contract<typeof fact.type>;
  const { area, level, exercise } = after;
  const told = { area, colour: colourName(level), ...data(fact, after) };
  if (ofExercise !== undefined && !exercise) return { type, data: told };
  return { type: ofExercise ?? type, data: { ...told, exercise } };
};

/** All that this service tells the world, on `linli.risk.warnings.v1`, keyed by warning. */
export const published = (tenant: string, fact: WarningFact, after: Warning): NewFact => ({
  topic: RISK_WARNINGS.name,
  tenant,
  aggregateId: after.id,
  aggregateVersion: after.version,
  ...contractOf(fact, after),
});

/** A clock of a warning nears its end, or a visit is due: told, and nothing about the warning changes. */
export const reminded = (
  tenant: string,
  { id, area, level, version, exercise }: Warning,
  { clock, name: rung, due }: Pick<DeadlineReached, 'clock' | 'name' | 'due'>,
): NewFact => ({
  ...{ topic: RISK_WARNINGS.name, tenant, aggregateId: id, aggregateVersion: version },
  type: WarningRemindedV1.type,
  data: { area, colour: colourName(level), exercise, clock, rung, due },
});

interface Silence {
  readonly id: string;
  readonly area: string;
  readonly category: string | null;
  readonly owner: string;
  readonly ownerKey: string | null;
  readonly until: number;
}

/** The owner of a silence is reminded of it. */
export const silenceReminded = (
  tenant: string,
  { id, area, category, ownerKey, owner, until }: Silence,
): NewFact => ({
  ...{ topic: RISK_WARNINGS.name, tenant, aggregateId: id, aggregateVersion: 1 },
  type: SilenceRemindedV1.type,
  data: { area, category, owner: ownerKey ?? owner, until: iso(until) },
});
