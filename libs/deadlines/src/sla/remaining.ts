import type { Budget } from '@linli/contracts';
import type { WorkingCalendar } from '../calendar/working-calendar.js';
import { termsOf, type Deadline } from '../ledger/deadline.js';
import { measureOf, type Measure } from '../reckoning/budget.js';
import { merged, type Stretch } from '../reckoning/suspension.js';

export interface Remaining {
  /** Of the budget and its extensions; below 0: past the due time by so much. */
  readonly share: number;
  /** The same in the unit of the budget. */
  readonly amount: number;
  readonly basis: Budget['basis'];
  readonly unit: Budget['unit'];
}

const passed = ({ scale }: Measure, pauses: readonly Stretch[], from: number, to: number): number => {
  const between = (start: number, end: number): number => (end > start ? scale.at(end) - scale.at(start) : 0);
  const still = pauses.map((pause) => between(Math.max(pause.from, from), Math.min(pause.to, to)));
  return still.reduce((sum, one) => sum - one, between(from, to));
};

/** What is left of a deadline's budget, by the calendar by which it is reckoned. */
export const remainingAt = (
  deadline: Pick<Deadline, 'budget' | 'from' | 'roll' | 'calendar' | 'suspensions' | 'extensions' | 'due'>,
  calendar: WorkingCalendar,
  now: number,
): Remaining => {
  const terms = termsOf(deadline);
  const { budget } = terms;
  const measure = measureOf(budget, terms.from, calendar);
  const pauses = merged(terms.suspensions);
  const late = deadline.due !== null && deadline.due < now;
  const share = late
    ? -passed(measure, pauses, deadline.due ?? now, now) / measure.amount
    : Math.max(0, 1 - passed(measure, pauses, measure.start, now) / measure.amount);
  return { share, amount: share * budget.amount, basis: budget.basis, unit: budget.unit };
};
