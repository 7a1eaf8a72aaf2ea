import { HOUR } from '@linli/kernel';
import type { Rule } from './parameters.js';
import { assess, type Surroundings } from './score.js';
import type { Signal } from './signal.js';
import { tallyOf } from './tally.js';

/** How low a score must stay, and for how long at most anybody asks. */
export interface Bound {
  /** The score must lie below. */
  readonly below: number;
  /** Milliseconds. */
  readonly span: number;
}

/** The instants at which the score is looked at, latest first: every hour, and each signal, where it is highest. */
const instantsOf = (signals: readonly Signal[], now: number, { span }: Bound): number[] => {
  const hours = Array.from({ length: Math.ceil(span / HOUR) + 1 }, (_, n) =>
    Math.max(now - n * HOUR, now - span),
  );
  const arrivals = signals.map(({ occurredAt }) => occurredAt).filter((at) => at <= now && at >= now - span);
  return [...new Set([...hours, ...arrivals])].toSorted((a, b) => b - a);
};

/**
 * Since when the score of a place has lain below a bound without interruption, as far back as `span`; null when it does
 * not now. Computed again from the signals, each at its own time, so that it can be explained like the score itself.
 * Signals of what is around the place count as they stand now: never too low.
 */
export const coolSince = (
  signals: readonly Signal[],
  around: Surroundings,
  now: number,
  bound: Bound,
  rule: Rule,
): number | null => {
  let since: number | null = null;
  for (const t of instantsOf(signals, now, bound)) {
    const known = signals.filter(({ occurredAt }) => occurredAt <= t);
    const { score } = assess(tallyOf(known, t, rule), around, t, rule);
    if (score >= bound.below) return since;
    since = t;
  }
  return since;
};
