import type { WorkingCalendar } from '../calendar/working-calendar.js';
import { explain, type Explained } from '../reckoning/explain.js';
import { termsOf, type Deadline } from './deadline.js';

/** Every stretch of a deadline's time and what it was, by the version of the calendar by which it is reckoned. */
export const explanationOf = (deadline: Deadline, calendar: WorkingCalendar, now: number): Explained => {
  const terms = termsOf(deadline);
  const explained = explain(terms, calendar);
  if (explained.due !== null) return explained;
  // It stands still: what there is up to now.
  const suspensions = terms.suspensions.map((one) =>
    one.to === null ? { ...one, to: Math.max(now, one.from + 1) } : one,
  );
  const { intervals } = explain({ ...terms, suspensions }, calendar);
  const past = intervals
    .filter(({ from }) => from < now)
    .map((one) => ({ ...one, to: Math.min(one.to, now) }));
  return { ...explained, intervals: past };
};
