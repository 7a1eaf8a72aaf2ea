import { shanghaiDayOf, startOfShanghaiDay } from '@linli/kernel';
import { spansOf } from '../calendar/office-hours.js';
import { fullReason, type WorkingCalendar } from '../calendar/working-calendar.js';
import { measureOf } from './budget.js';
import { reckon, type Reckoned, type Terms } from './reckon.js';
import { merged, type Stretch } from './suspension.js';

/** A stretch of a deadline's time and what it was: all of them together are the time from the event to the due time. */
export interface Interval extends Stretch {
  readonly kind: 'counted' | 'skipped' | 'suspended';
}

export interface Explained extends Reckoned {
  readonly intervals: readonly Interval[];
}

const counted = (from: number, to: number, reason: string): Interval => ({
  from,
  to,
  kind: 'counted',
  reason,
});
const skipped = (from: number, to: number, reason: string): Interval => ({
  from,
  to,
  kind: 'skipped',
  reason,
});

const hoursOf = (day: number, calendar: WorkingCalendar): Interval[] => {
  const found = calendar.day(day);
  const { windows } = found;
  const reason = fullReason(found);
  const [start, end] = [startOfShanghaiDay(day), startOfShanghaiDay(day + 1)];
  if (windows.length === 0) return [skipped(start, end, reason)];
  const spans = spansOf(windows).map(([from, to]) => counted(start + from, start + to, reason));
  const edges = [start, ...spans.flatMap(({ from, to }) => [from, to]), end];
  const closed = spans.map((_, n) =>
    skipped(edges[2 * n] ?? 0, edges[2 * n + 1] ?? 0, 'outside office hours'),
  );
  return [
    ...spans.flatMap((span, n) => [closed[n] ?? span, span]),
    skipped(edges.at(-2) ?? end, end, 'outside office hours'),
  ];
};

/** What counts by nature, before suspensions. */
const plain = ({ budget, from }: Terms, until: number, calendar: WorkingCalendar): Interval[] => {
  if (budget.basis === 'wall') return [counted(from, until, 'time as it passes')];
  const days = Array.from(
    { length: shanghaiDayOf(until - 1) - shanghaiDayOf(from) + 1 },
    (_, n) => shanghaiDayOf(from) + n,
  );
  return days.flatMap((day) =>
    budget.basis === 'working'
      ? hoursOf(day, calendar)
      : [counted(startOfShanghaiDay(day), startOfShanghaiDay(day + 1), 'calendar day')],
  );
};

const within = <S extends Stretch>(stretches: readonly S[], from: number, to: number): S[] =>
  stretches
    .map((one) => ({ ...one, from: Math.max(one.from, from), to: Math.min(one.to, to) }))
    .filter((one) => one.to > one.from);

/** What would have counted and was suspended. */
const pausedBy = (pauses: readonly Stretch[], interval: Interval): Interval[] => {
  if (interval.kind !== 'counted') return [interval];
  const cuts = within(pauses, interval.from, interval.to);
  const edges = [interval.from, ...cuts.flatMap(({ from, to }) => [from, to]), interval.to];
  const between = edges
    .filter((_, n) => n % 2 === 0)
    .map((from, n) => counted(from, edges[2 * n + 1] ?? from, interval.reason));
  return [...between, ...cuts.map((cut): Interval => ({ ...cut, kind: 'suspended' }))]
    .filter(({ from, to }) => to > from)
    .toSorted((a, b) => a.from - b.from);
};

const joined = (intervals: readonly Interval[]): Interval[] => {
  const all: Interval[] = [];
  for (const next of intervals) {
    const last = all.at(-1);
    const same =
      last &&
      last.to === next.from &&
      last.kind === next.kind &&
      last.reason === next.reason &&
      last.by === next.by;
    if (same) all[all.length - 1] = { ...last, to: next.to };
    else all.push(next);
  }
  return all;
};

/** The tail of whole days: granted beyond what was counted. */
const granted = (intervals: readonly Interval[], spent: number, unrolled: number): Interval[] => [
  ...within(intervals, -Infinity, spent),
  ...within([skipped(spent, unrolled, 'granted to the end of the day')], spent, unrolled),
];

/** When a deadline is due, and every stretch of time on the way: counted, skipped or suspended, and why. */
export const explain = (terms: Terms, calendar: WorkingCalendar): Explained => {
  const reckoned = reckon(terms, calendar);
  const { due, unrolledDue, spent } = reckoned;
  if (due === null || unrolledDue === null || spent === null) return { ...reckoned, intervals: [] };
  const { start } = measureOf(terms.budget, terms.from, calendar);
  const natural = plain(terms, spent, calendar).flatMap((one) => pausedBy(merged(terms.suspensions), one));
  const restDays = Array.from(
    { length: shanghaiDayOf(due - 1) - shanghaiDayOf(unrolledDue - 1) },
    (_, n) => shanghaiDayOf(unrolledDue - 1) + n,
  );
  const roll = restDays.map((day) =>
    skipped(
      startOfShanghaiDay(day + 1),
      startOfShanghaiDay(day + 2),
      `rolled on: ended on a ${calendar.day(day).reason}`,
    ),
  );
  const intervals = [
    ...within([skipped(terms.from, start, 'day of the event')], terms.from, start),
    ...granted(within(natural, start, spent), spent, unrolledDue),
    ...roll,
  ];
  return { ...reckoned, intervals: joined(intervals) };
};
