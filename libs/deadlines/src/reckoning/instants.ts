import type { Budget } from '@linli/contracts';
import type { WorkingCalendar } from '../calendar/working-calendar.js';
import { measureOf } from './budget.js';
import { spentAt, type Terms } from './reckon.js';
import { merged } from './suspension.js';

/** When a share of the budget is spent (0.5: half of it), the day not granted to its end; null: not in sight. */
export const shareSpentAt = (terms: Terms, share: number, calendar: WorkingCalendar): number | null => {
  const measure = measureOf(terms.budget, terms.from, calendar);
  return spentAt({ ...measure, amount: measure.amount * share }, merged(terms.suspensions));
};

/** When a budget, `times` over, has passed since an instant, standing still as `terms` do; null: not in sight. */
export const passedSince = (
  since: number,
  budget: Budget,
  times: number,
  { suspensions }: Pick<Terms, 'suspensions'>,
  calendar: WorkingCalendar,
): number | null => {
  const measure = measureOf(budget, since, calendar);
  return spentAt({ ...measure, start: since, amount: measure.amount * times }, merged(suspensions));
};
