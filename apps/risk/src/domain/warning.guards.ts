import { DAY, HOUR, refuse, type Refusal } from '@linli/kernel';
import { outcomeFlaws } from './closing.js';
import { nameOf } from './colour.js';
import type { Context } from './context.js';
import { coolingHours, reopensUntil, visitDays, visitOpens } from './response.js';
import type { CommandName, WarningCommand } from './warning.commands.js';
import { ended, type Warning } from './warning.js';

/** What a guard looks at. The guard of a first `evaluate` has no warning to look at. */
export interface Case<C extends CommandName = CommandName> {
  readonly warning: Warning;
  readonly command: Extract<WarningCommand, { type: C }>;
  readonly context: Context;
}

/** A condition of a move beside state and role. */
export interface Guard {
  readonly name: string;
  /** The code of its refusal. */
  readonly code: string;
  /** The refusal, or null when it holds. */
  readonly check: (asked: Case) => Refusal | null;
}

const guard =
  (code: string, kind: Refusal['kind']) =>
  <C extends CommandName>(
    name: string,
    /** What is wrong, or null; with the pointer of the field that is. */
    wrong: (asked: Case<C>) => string | readonly [detail: string, pointer: string] | null,
  ): Guard => ({
    name,
    code,
    check: (asked) => {
      const found = wrong(asked as unknown as Case<C>);
      if (found === null) return null;
      if (typeof found === 'string') return refuse(code, kind, found);
      const [detail, pointer] = found;
      return refuse(code, kind, detail, [{ pointer, code, detail: 'must not be blank' }]);
    },
  });

const isBlank = (text: string): boolean => text.trim() === '';
const date = (at: number): string => new Date(at + 8 * HOUR).toISOString().slice(0, 10);

export const reachesLevel = guard('WRN_NO_SCOPE', 'invalid')<'evaluate'>('reachesLevel', ({ command }) =>
  command.level === 0 ? 'A warning needs a colour: score 40 or a trigger.' : null,
);

export const isHigher = guard('WRN_MAX_LEVEL', 'conflict')<'evaluate'>('isHigher', ({ warning, command }) =>
  command.level <= warning.level ? `The warning is already ${nameOf(warning.level)}.` : null,
);

export const isBelowRed = guard('WRN_MAX_LEVEL', 'conflict')<'escalate'>('isBelowRed', ({ warning }) =>
  warning.level === 3 ? 'The warning is already red.' : null,
);

export const hasReason = guard('WRN_REASON', 'invalid')<'dismiss'>('hasReason', ({ command }) =>
  isBlank(command.reason) ? ['Dismissing needs a reason code.', '/reason'] : null,
);

export const hasEvidence = guard('WRN_EVIDENCE', 'invalid')<'verify' | 'lower' | 'monitor'>(
  'hasEvidence',
  ({ command }) => (isBlank(command.evidence) ? ['This needs evidence; text suffices.', '/evidence'] : null),
);

/** Red: four eyes. Events come from systems, so the one who must not verify is the officer who issued. */
export const isNotIssuer = guard('WRN_SELF_VERIFY', 'forbidden')<'verify'>(
  'isNotIssuer',
  ({ warning, context: { actor } }) =>
    warning.level === 3 && actor.kind === 'key' && actor.keyId === warning.issuedBy
      ? 'A red warning is verified by another key than the one that issued it.'
      : null,
);

export const hasPlan = guard('WRN_PLAN_EMPTY', 'invalid')<'plan'>('hasPlan', ({ command, context }) => {
  if (command.measures.every(isBlank)) return ['A plan names its measures.', '/measures'];
  if (command.people.every(isBlank)) return ['A plan names who carries it out.', '/people'];
  return command.due <= context.now ? 'A plan is due in the future.' : null;
});

export const hasReference = guard('WRN_REF_MISSING', 'invalid')<'hand-over'>('hasReference', ({ command }) =>
  isBlank(command.reference) ? ['The other body’s reference shows that it accepted.', '/reference'] : null,
);

export const isAboveYellow = guard('WRN_MIN_LEVEL', 'conflict')<'lower'>('isAboveYellow', ({ warning }) =>
  warning.level === 1 ? 'Yellow is the lowest colour; what comes after is monitoring.' : null,
);

export const isYellow = guard('WRN_HYSTERESIS', 'conflict')<'monitor'>('isYellow', ({ warning }) =>
  warning.level === 1 ? null : `A ${nameOf(warning.level)} warning is lowered first, one step at a time.`,
);

/** The score lies ten points below the threshold of the colour, for as long as the colour asks (domain notes 3.7). */
export const hasCooled = guard('WRN_HYSTERESIS', 'conflict')<'lower' | 'monitor'>(
  'hasCooled',
  ({ warning, context: { now, policy, seen } }) => {
    const { level, levelSince } = warning;
    const hours = coolingHours(policy, level);
    const asked = `must lie ${policy.cooling.margin} points below the threshold of ${nameOf(level)} for ${hours} hours`;
    if (seen.coolSince === null) return `The score ${asked}; it does not now.`;
    const since = Math.max(seen.coolSince, levelSince);
    return now - since < hours * HOUR
      ? `The score ${asked}; it has since ${new Date(since).toISOString()}.`
      : null;
  },
);

export const visitIsDue = guard('WRN_VISITS_DUE', 'conflict')<'visit'>(
  'visitIsDue',
  ({ warning, context: { now, policy } }) => {
    const days = visitDays(policy, warning.peak)[warning.visits];
    if (days === undefined) return 'All visits were made.';
    const opens = visitOpens(warning.monitoredAt ?? now, days);
    return now < opens ? `The next visit is due on ${date(opens)}.` : null;
  },
);

export const visitsAreDone = guard('WRN_VISITS_DUE', 'conflict')<'close'>(
  'visitsAreDone',
  ({ warning: { visits, peak }, context: { policy } }) => {
    const days = visitDays(policy, peak);
    return visits < days.length
      ? `${visits} of ${days.length} visits were made (after ${days.join(', ')} days).`
      : null;
  },
);

export const hasOutcome: Guard = {
  name: 'hasOutcome',
  code: 'WRN_OUTCOME',
  check: ({ warning, command, context }) => {
    const flaws = command.type === 'close' ? outcomeFlaws(command, warning, context.now) : [];
    return flaws.length > 0
      ? refuse('WRN_OUTCOME', 'invalid', 'The outcome lacks what it takes.', flaws)
      : null;
  },
};

export const isInWindow = guard('WRN_REOPEN_WINDOW', 'conflict')<'reopen'>(
  'isInWindow',
  ({ warning: { closedAt }, context: { now, policy } }) =>
    closedAt !== null && now > reopensUntil(policy, closedAt)
      ? `It was closed more than ${policy.reopenDays} days ago; a new signal raises a warning of its own.`
      : null,
);

const sameScope = (a: Warning, b: Warning): boolean =>
  a.scope.kind === b.scope.kind && a.scope.name === b.scope.name && a.area === b.area;

export const isMergeable = guard('WRN_MERGE', 'conflict')<'merge'>(
  'isMergeable',
  ({ warning, command, context: { seen } }) => {
    const { other } = seen;
    if (!other) return 'There is no such warning to merge into.';
    if (other.id === warning.id) return 'A warning is merged into another one.';
    if (other.exercise !== warning.exercise) return 'A warning of an exercise is not merged with a real one.';
    if (ended.has(other.status) || other.status === 'closed') return 'The other warning has ended.';
    return command.because === 'scope' && !sameScope(warning, other)
      ? 'The two are not about the same scope; say that they have the same cause, if they do.'
      : null;
  },
);

/** Yellow once it is issued; a candidate of any colour. No new signal for 14 days, never verified. */
export const isStale = guard('WRN_NOT_STALE', 'conflict')<'expire'>(
  'isStale',
  ({ warning, context: { now, policy, seen } }) => {
    if (warning.status === 'issued' && warning.level > 1)
      return 'Only a yellow one expires once it is issued.';
    return now - (seen.newestSignalAt ?? warning.raisedAt) < policy.expiryDays * DAY
      ? `There was a signal in the last ${policy.expiryDays} days.`
      : null;
  },
);
