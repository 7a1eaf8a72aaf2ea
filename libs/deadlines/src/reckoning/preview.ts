import type { DeadlinePreview, PreviewOrder } from '@linli/contracts';
import { DAY, refuse, type Refusal } from '@linli/kernel';
import { OutOfCalendar } from '../calendar/scale.js';
import type { WorkingCalendar } from '../calendar/working-calendar.js';
import { explain, type Interval } from './explain.js';
import { intervalView } from './interval-view.js';
import { reckon, type Terms } from './reckon.js';

/** Every day on the way is shown: longer ones would be books. */
const LONGEST = 5 * 366 * DAY;

const termsOf = ({ basis, amount, unit, from, roll, suspensions }: PreviewOrder): Terms => ({
  budget: { basis, amount, unit },
  from: Date.parse(from),
  roll,
  suspensions: suspensions.map((one) => ({
    from: Date.parse(one.from),
    to: one.to === null ? null : Date.parse(one.to),
    reason: one.reason,
  })),
});

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

const countedAfter = (intervals: readonly Interval[], at: number): number =>
  intervals
    .filter(({ kind, to }) => kind === 'counted' && to > at)
    .reduce((sum, { from, to }) => sum + to - Math.max(from, at), 0) / 1000;

/** When a clock that stands still would go on at the earliest: now, or when it stops, if that is still to come. */
const earliestEnd = ({ suspensions }: Terms, now: number): number =>
  Math.max(now, Math.min(...suspensions.filter(({ to }) => to === null).map(({ from }) => from)));

/** The same with what is open ended at an instant. */
const endedAt = (terms: Terms, at: number): Terms => ({
  ...terms,
  suspensions: terms.suspensions.map((one) => ({ ...one, to: one.to ?? at })),
});

const until = (intervals: readonly Interval[], end: number): Interval[] =>
  intervals
    .filter(({ from }) => from < end)
    .map((interval) => ({ ...interval, to: Math.min(interval.to, end) }));

/** So that whatever is not too long ends within what calendars cover. */
const isCovered = (at: number): boolean => at >= Date.UTC(2000, 0, 2) && at < Date.UTC(2190, 0, 1);

const tooFar = (terms: Terms, due: number | null): boolean => due !== null && due - terms.from > LONGEST;

const shown = (terms: Terms, calendar: WorkingCalendar, now: number): DeadlinePreview | Refusal => {
  if (!isCovered(terms.from)) throw new OutOfCalendar('calendars cover the years 2000 to 2189');
  const { due, unrolledDue, provisional } = reckon(terms, calendar);
  const goesOn = due === null ? earliestEnd(terms, now) : null;
  const ending = goesOn === null ? terms : endedAt(terms, goesOn);
  if (tooFar(ending, reckon(ending, calendar).due))
    return refuse('CAL_TOO_FAR', 'invalid', 'The deadline lies more than five years after its event.');
  const { intervals } = explain(ending, calendar);
  return {
    ...{ due: isoOrNull(due), unrolledDue: isoOrNull(unrolledDue), provisional },
    calendarVersion: calendar.version,
    intervals: (goesOn === null ? intervals : until(intervals, goesOn)).map(intervalView),
    remainingSeconds: countedAfter(intervals, goesOn ?? now),
  };
};

/** A deadline that is not armed: when it would be due, and every interval on the way. Changes nothing. */
export const previewOf = (
  order: PreviewOrder,
  calendar: WorkingCalendar,
  now: Date,
): DeadlinePreview | Refusal => {
  try {
    return shown(termsOf(order), calendar, now.getTime());
  } catch (error) {
    if (error instanceof OutOfCalendar) return refuse('CAL_OUT_OF_REACH', 'invalid', `${error.message}.`);
    throw error;
  }
};
