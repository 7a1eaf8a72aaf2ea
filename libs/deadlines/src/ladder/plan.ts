import type { WorkingCalendar } from '../calendar/working-calendar.js';
import { passedSince, shareSpentAt } from '../reckoning/instants.js';
import type { Reckoned, Terms } from '../reckoning/reckon.js';
import type { Ladder, Point } from './ladder.js';

/** A rung with its time (milliseconds); null: not in sight, for the clock stands still before it. */
export interface PlannedRung {
  readonly name: string;
  readonly level: number;
  readonly at: number | null;
  /** This is the due time. */
  readonly due: boolean;
}

const instantOf = (
  point: Point,
  terms: Terms,
  { due, unrolledDue }: Reckoned,
  calendar: WorkingCalendar,
): number | null => {
  if (point === 'due') return due;
  if ('percent' in point && point.percent < 100) return shareSpentAt(terms, point.percent / 100, calendar);
  if ('percent' in point && point.percent === 100) return unrolledDue;
  if (due === null) return null;
  return 'percent' in point
    ? passedSince(due, terms.budget, (point.percent - 100) / 100, terms, calendar)
    : passedSince(due, point.past, 1, terms, calendar);
};

/** A ladder laid over the time of one deadline: never falling, and nothing in sight behind what is not. */
export const planOf = (
  { rungs }: Ladder,
  terms: Terms,
  reckoned: Reckoned,
  calendar: WorkingCalendar,
): PlannedRung[] => {
  let last: number | null = -Infinity;
  return rungs.map(({ name, level, at }) => {
    const instant = last === null ? null : instantOf(at, terms, reckoned, calendar);
    last = instant === null || last === null ? null : Math.max(last, instant);
    return { name, level, at: last, due: at === 'due' };
  });
};
