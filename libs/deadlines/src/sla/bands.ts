import type { SlaBand } from '@linli/contracts';
import type { WorkingCalendar } from '../calendar/working-calendar.js';
import { shareSpentAt } from '../reckoning/instants.js';
import type { Terms } from '../reckoning/reckon.js';

/**
 * From when on less than a half, a quarter, a tenth of the budget is left, milliseconds; null: not in sight, for the
 * clock stands still before it. Reckoned once, so that queues are counted without a calendar.
 */
export interface LeftAt {
  readonly half: number | null;
  readonly quarter: number | null;
  readonly tenth: number | null;
}

export const leftAtOf = (terms: Terms, calendar: WorkingCalendar): LeftAt => ({
  half: shareSpentAt(terms, 0.5, calendar),
  quarter: shareSpentAt(terms, 0.75, calendar),
  tenth: shareSpentAt(terms, 0.9, calendar),
});

const isPast = (instant: number | null, now: number): boolean => instant !== null && instant < now;

/** How urgent a deadline is. The due time itself is in time. */
export const bandAt = (
  { due, leftAt }: { readonly due: number | null; readonly leftAt: LeftAt },
  now: number,
): SlaBand => {
  if (isPast(due, now)) return 'overdue';
  if (isPast(leftAt.tenth, now)) return 'under10';
  if (isPast(leftAt.quarter, now)) return 'under25';
  return isPast(leftAt.half, now) ? 'under50' : 'rest';
};
