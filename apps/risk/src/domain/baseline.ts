import { shanghaiDayOf } from '@linli/kernel';
import type { Parameters } from './parameters.js';
import { windowStart } from './window.js';

/**
 * How many signals a grid had, by whole weeks: what is usual there. All stored signals, at their own time, also those too
 * old for the window; it outlives the clearing of the place.
 */
export interface Baseline {
  /** Day of the first signal ever. */
  readonly first: number | null;
  /** Signals by week number (day number / 7). */
  readonly weeks: Readonly<Record<number, number>>;
}

export const emptyBaseline: Baseline = { first: null, weeks: {} };

/** Instants as numbers by day. */
export const daysOf = (instants: readonly number[]): Map<number, number> => {
  const days = new Map<number, number>();
  for (const at of instants) days.set(shanghaiDayOf(at), (days.get(shanghaiDayOf(at)) ?? 0) + 1);
  return days;
};

const weekOf = (day: number): number => Math.floor(day / 7);

/** Adds numbers of signals by day and drops weeks that no later window can look back to. */
export const addToBaseline = (
  baseline: Baseline,
  days: ReadonlyMap<number, number>,
  t: number,
  parameters: Parameters,
): Baseline => {
  const oldest = weekOf(windowStart(t, parameters.windowDays)) - parameters.anomaly.weeks;
  const weeks: Record<number, number> = { ...baseline.weeks };
  let first = baseline.first;
  for (const [day, count] of days) {
    weeks[weekOf(day)] = (weeks[weekOf(day)] ?? 0) + count;
    first = first === null ? day : Math.min(first, day);
  }
  for (const week in weeks) if (Number(week) < oldest) delete weeks[week];
  return { first, weeks };
};

/**
 * Signals to be expected in one window, λ: the mean of the whole weeks before it, at most twelve months. Null when the
 * history is too short, or when those months were silent: there is nothing to compare with then.
 */
export const expected = (baseline: Baseline, t: number, parameters: Parameters): number | null => {
  const { weeks: most, historyDays } = parameters.anomaly;
  if (baseline.first === null || shanghaiDayOf(t) - baseline.first < historyDays) return null;
  const end = weekOf(windowStart(t, parameters.windowDays));
  const start = Math.max(end - most, weekOf(baseline.first));
  const counts = Object.entries(baseline.weeks)
    .filter(([week]) => Number(week) >= start && Number(week) < end)
    .reduce((sum, [, count]) => sum + count, 0);
  return counts === 0 ? null : (counts / ((end - start) * 7)) * parameters.windowDays;
};

/** Natural logarithm of n!, exact enough for a tail: Stirling's series from 20 on. */
const logFactorial = (n: number): number => {
  if (n >= 20) return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3);
  let sum = 0;
  for (let k = 2; k <= n; k += 1) sum += Math.log(k);
  return sum;
};

/** P(X ≥ n) of a Poisson variable with mean λ > 0. */
export const poissonTail = (n: number, lambda: number): number => {
  const chanceOf = (k: number): number => Math.exp(k * Math.log(lambda) - lambda - logFactorial(k));
  if (n <= lambda) {
    let below = 0;
    for (let k = 0; k < n; k += 1) below += chanceOf(k);
    return 1 - below;
  }
  let sum = chanceOf(n);
  for (let k = n + 1, next = sum; next > sum * 1e-12; k += 1) {
    next = chanceOf(k);
    sum += next;
  }
  return sum;
};
