import type { Level } from './colour.js';
import type { Scope } from './scope.js';

export type Status = 'candidate' | 'issued' | 'acknowledged' | 'confirmed' | 'false_alarm' | 'dismissed';
/** `none` is the warning that does not exist yet. */
export type State = 'none' | Status;

/** Ended: nothing more happens to it, and its place starts again. */
export const ended: ReadonlySet<State> = new Set<State>(['false_alarm', 'dismissed']);

/** What a warning is about, fixed when it is raised. */
export interface Subject {
  readonly placeId: string;
  /** How often the place was cleared before: one warning per place and generation. */
  readonly generation: number;
  readonly category: string;
  readonly area: string;
  readonly scope: Scope;
}

export interface Warning extends Subject {
  readonly id: string;
  readonly status: Status;
  readonly level: Level;
  readonly score: number;
  readonly ruleVersion: string;
  /** Number of facts. */
  readonly version: number;
  readonly raisedAt: number;
  readonly issuedAt: number | null;
  /** Key that issued it; `system` for a yellow one. */
  readonly issuedBy: string | null;
  readonly acknowledgedAt: number | null;
  /** Name of the key, as shown. */
  readonly acknowledgedBy: string | null;
  readonly verifiedAt: number | null;
  readonly updatedAt: number;
}

export type VerifyResult = 'confirmed' | 'false' | 'unclear';

export type WarningCommand =
  | {
      readonly type: 'evaluate';
      readonly subject: Subject;
      readonly level: Level;
      readonly score: number;
      readonly ruleVersion: string;
    }
  | { readonly type: 'issue' }
  | { readonly type: 'dismiss'; readonly reason: string }
  | { readonly type: 'acknowledge' }
  | { readonly type: 'verify'; readonly result: VerifyResult; readonly evidence: string };

export type WarningFact =
  | {
      readonly type: 'candidate';
      readonly id: string;
      readonly subject: Subject;
      readonly level: Level;
      readonly score: number;
      readonly ruleVersion: string;
    }
  | { readonly type: 'issued'; readonly by: string }
  | { readonly type: 'dismissed'; readonly reason: string }
  | { readonly type: 'acked'; readonly by: string }
  | {
      readonly type: 'escalated';
      readonly from: Level;
      readonly level: Level;
      readonly score: number;
      readonly ruleVersion: string;
      readonly cause: 'score';
    }
  | { readonly type: 'verified'; readonly result: VerifyResult };

const candidate = (fact: Extract<WarningFact, { type: 'candidate' }>, at: number): Warning => ({
  ...fact.subject,
  id: fact.id,
  status: 'candidate',
  level: fact.level,
  score: fact.score,
  ruleVersion: fact.ruleVersion,
  version: 1,
  raisedAt: at,
  issuedAt: null,
  issuedBy: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  verifiedAt: null,
  updatedAt: at,
});

export const statusAfter: Readonly<Record<VerifyResult, Status>> = {
  confirmed: 'confirmed',
  false: 'false_alarm',
  unclear: 'acknowledged',
};

const change = (fact: Exclude<WarningFact, { type: 'candidate' }>, at: number): Partial<Warning> => {
  switch (fact.type) {
    case 'issued':
      return { status: 'issued', issuedAt: at, issuedBy: fact.by };
    case 'dismissed':
      return { status: 'dismissed' };
    case 'acked':
      return { status: 'acknowledged', acknowledgedAt: at, acknowledgedBy: fact.by };
    case 'escalated':
      return { level: fact.level, score: fact.score, ruleVersion: fact.ruleVersion };
    case 'verified':
    default:
      return { status: statusAfter[fact.result], verifiedAt: at };
  }
};

/** The warning after a fact. The only place where one changes. */
export const evolve = (warning: Warning | null, fact: WarningFact, at: number): Warning => {
  if (fact.type === 'candidate') return candidate(fact, at);
  if (!warning) throw new Error(`${fact.type} without a warning`);
  return { ...warning, ...change(fact, at), version: warning.version + 1, updatedAt: at };
};
