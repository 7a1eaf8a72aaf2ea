import type { Budget } from '@linli/contracts';
import { shanghaiDayOf, startOfShanghaiDay, yearOfShanghaiDay } from '@linli/kernel';
import type { WorkingCalendar } from '../calendar/working-calendar.js';
import { measureOf, type Measure } from './budget.js';
import { merged, type Stretch, type Suspension } from './suspension.js';

/** What a deadline is reckoned from. Instants in milliseconds. */
export interface Terms {
  readonly budget: Budget;
  /** The event that starts it. */
  readonly from: number;
  readonly suspensions: readonly Suspension[];
  /** A period of calendar days that ends on a rest day ends on the next working day (民法典 Art 203). */
  readonly roll: boolean;
}

export interface Reckoned {
  /** Null: the clock stands still, with no end in sight. */
  readonly due: number | null;
  /** Before it was rolled to a working day: what alerts go by. */
  readonly unrolledDue: number | null;
  /** When the budget was spent, to the millisecond; the day is then granted to its end. */
  readonly spent: number | null;
  /** It reaches into a year for which no calendar is published: it may move when one is. */
  readonly provisional: boolean;
}

/** The first instant at which the budget is spent, standing still while suspended. */
export const spentAt = ({ scale, amount, start }: Measure, pauses: readonly Stretch[]): number | null => {
  let left = amount;
  let at = start;
  for (const { from, to } of pauses) {
    if (to <= at) continue;
    const until = Math.max(at, from);
    const passed = scale.at(until) - scale.at(at);
    if (passed >= left) break;
    if (to === Infinity) return null;
    left -= passed;
    at = to;
  }
  return Math.round(scale.when(scale.at(at) + left));
};

/** The end of the day in which an instant lies; midnight belongs to the day that it ends. */
const endOfDay = (spent: number): number => startOfShanghaiDay(shanghaiDayOf(spent - 1) + 1);

const ended = (
  { budget }: Terms,
  spent: number,
  { wholeDays }: Measure,
  calendar: WorkingCalendar,
): number => {
  if (!wholeDays) return spent;
  return budget.basis === 'working' ? calendar.closeOf(shanghaiDayOf(spent - 1)) : endOfDay(spent);
};

const rolled = ({ budget, roll }: Terms, unrolled: number, calendar: WorkingCalendar): number => {
  if (!roll || budget.basis !== 'calendar') return unrolled;
  const last = shanghaiDayOf(unrolled - 1);
  return startOfShanghaiDay(calendar.workingDayFrom(last) + 1);
};

const yearOf = (instant: number): number => yearOfShanghaiDay(shanghaiDayOf(instant));

const isProvisional = (terms: Terms, unrolled: number, due: number, calendar: WorkingCalendar): boolean => {
  const { basis } = terms.budget;
  if (basis === 'wall' || (basis === 'calendar' && !terms.roll)) return false;
  const first = yearOf(basis === 'working' ? terms.from : unrolled - 1);
  const last = yearOf(due - 1);
  return Array.from({ length: last - first + 1 }, (_, n) => first + n).some(
    (year) => !calendar.isPublished(year),
  );
};

/** When a deadline is due. Rejects time outside of the calendar with `OutOfCalendar`. */
export const reckon = (terms: Terms, calendar: WorkingCalendar): Reckoned => {
  const measure = measureOf(terms.budget, terms.from, calendar);
  const spent = spentAt(measure, merged(terms.suspensions));
  if (spent === null) return { due: null, unrolledDue: null, spent, provisional: false };
  const unrolledDue = ended(terms, spent, measure, calendar);
  const due = rolled(terms, unrolledDue, calendar);
  return { due, unrolledDue, spent, provisional: isProvisional(terms, unrolledDue, due, calendar) };
};
