import { highest, type Level } from './colour.js';
import type { Supervision } from './response.js';
import type { ExternalBody, Outcome, Subject, VerifyResult } from './warning.commands.js';
import type { WarningFact } from './warning.facts.js';

export type Status =
  | 'candidate'
  | 'issued'
  | 'acknowledged'
  | 'confirmed'
  | 'disposing'
  | 'external'
  | 'monitoring'
  | 'closed'
  | 'merged'
  | 'expired'
  | 'false_alarm'
  | 'dismissed';
/** `none` is the warning that does not exist yet. */
export type State = 'none' | Status;

/** Ended for good: nothing more happens to it, and its place starts again. A closed one may still be reopened. */
export const ended: ReadonlySet<State> = new Set<State>(['false_alarm', 'dismissed', 'merged', 'expired']);

export interface Link {
  readonly kind: 'mediation' | 'petition';
  readonly target: string;
}

/** What was done about a warning since it was confirmed. */
export interface Course {
  readonly planDue: number | null;
  readonly external: { readonly body: ExternalBody; readonly reference: string } | null;
  readonly links: readonly Link[];
  /** Since when the danger is gone and visits are due. */
  readonly monitoredAt: number | null;
  /** Visits made since then. */
  readonly visits: number;
  readonly outcome: Outcome | null;
  readonly happenedAt: number | null;
  /** When it ended, however it did. */
  readonly closedAt: number | null;
  readonly mergedInto: string | null;
}

export interface Warning extends Subject, Course {
  readonly id: string;
  readonly status: Status;
  readonly level: Level;
  /** Since when it has this colour. */
  readonly levelSince: number;
  /** The highest colour it ever had. */
  readonly peak: Level;
  readonly score: number;
  readonly ruleVersion: string;
  /** Number of facts. */
  readonly version: number;
  readonly raisedAt: number;
  readonly issuedAt: number | null;
  /** Key that issued it; `system` for a yellow one. */
  readonly issuedBy: string | null;
  readonly issuedLevel: Level | null;
  readonly acknowledgedAt: number | null;
  /** Name of the key, as shown. */
  readonly acknowledgedBy: string | null;
  /** When an officer was first on site. */
  readonly onSiteAt: number | null;
  readonly verifiedAt: number | null;
  readonly updatedAt: number;
  /** Highest level of supervision that a missed clock led to. */
  readonly supervision: 0 | Supervision;
}

export const noCourse: Course = {
  planDue: null,
  external: null,
  links: [],
  monitoredAt: null,
  visits: 0,
  outcome: null,
  happenedAt: null,
  closedAt: null,
  mergedInto: null,
};

const candidate = (fact: Extract<WarningFact, { type: 'candidate' }>, at: number): Warning => ({
  ...fact.subject,
  ...noCourse,
  id: fact.id,
  status: 'candidate',
  level: fact.level,
  levelSince: at,
  peak: fact.level,
  score: fact.score,
  ruleVersion: fact.ruleVersion,
  version: 1,
  raisedAt: at,
  issuedAt: null,
  issuedBy: null,
  issuedLevel: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  onSiteAt: null,
  verifiedAt: null,
  updatedAt: at,
  supervision: 0,
});

type Change<T extends WarningFact['type']> = (
  fact: Extract<WarningFact, { type: T }>,
  before: Warning,
  at: number,
) => Partial<Warning>;

const verified: Readonly<Record<VerifyResult, (at: number) => Partial<Warning>>> = {
  confirmed: () => ({ status: 'confirmed' }),
  false: (at) => ({ status: 'false_alarm', closedAt: at }),
  unclear: () => ({ status: 'acknowledged' }),
};

const without = (links: readonly Link[], { kind, target }: Link): Link[] =>
  links.filter((link) => link.kind !== kind || link.target !== target);

const awake: Partial<Warning> = {
  monitoredAt: null,
  visits: 0,
  outcome: null,
  happenedAt: null,
  closedAt: null,
};

/** What each fact changes. */
const changes: { readonly [T in Exclude<WarningFact['type'], 'candidate'>]: Change<T> } = {
  issued: ({ by }, { level }, at) => ({ status: 'issued', issuedAt: at, issuedBy: by, issuedLevel: level }),
  dismissed: (_fact, _before, at) => ({ status: 'dismissed', closedAt: at }),
  acked: ({ by }, _before, at) => ({ status: 'acknowledged', acknowledgedAt: at, acknowledgedBy: by }),
  escalated: ({ level, score, ruleVersion }, { peak }, at) => ({
    ...{ level, levelSince: at, score, ruleVersion },
    peak: highest(peak, level),
  }),
  verified: ({ result }, { onSiteAt }, at) => ({
    ...verified[result](at),
    verifiedAt: at,
    onSiteAt: onSiteAt ?? at,
  }),
  plan_set: ({ due }) => ({ status: 'disposing', planDue: due }),
  handed_over: ({ body, reference }) => ({ status: 'external', external: { body, reference } }),
  updated: () => ({}),
  linked: ({ kind, target }, { links }) => ({
    links: [...without(links, { kind, target }), { kind, target }],
  }),
  lowered: ({ level }, _before, at) => ({ level, levelSince: at }),
  monitoring: (_fact, _before, at) => ({ status: 'monitoring', monitoredAt: at, visits: 0 }),
  visited: ({ visit }) => ({ visits: visit }),
  closed: ({ outcome, happenedAt }, _before, at) => ({ status: 'closed', outcome, happenedAt, closedAt: at }),
  reopened: (_fact, _before, at) => ({ ...awake, status: 'disposing', levelSince: at }),
  merged: ({ into }, _before, at) => ({ status: 'merged', mergedInto: into, closedAt: at }),
  expired: (_fact, _before, at) => ({ status: 'expired', closedAt: at }),
  supervised: ({ supervision }, before) => ({
    supervision: Math.max(before.supervision, supervision) as Supervision,
  }),
};

/** The warning after a fact. The only place where one changes. */
export const evolve = (warning: Warning | null, fact: WarningFact, at: number): Warning => {
  if (fact.type === 'candidate') return candidate(fact, at);
  if (!warning) throw new Error(`${fact.type} without a warning`);
  const change = changes[fact.type] as Change<typeof fact.type>;
  return { ...warning, ...change(fact, warning, at), version: warning.version + 1, updatedAt: at };
};
