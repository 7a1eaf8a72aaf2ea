import type { WorkingCalendar } from '../calendar/working-calendar.js';
import { reckon } from '../reckoning/reckon.js';
import { termsOf, type Favour, type LedgerTerms } from './deadline.js';

/** A way to reckon a deadline. */
export interface Way {
  readonly ledger: LedgerTerms;
  readonly calendar: WorkingCalendar;
}

/** When it would be due if it went on now; for a clock that stands still, so that two ways can be compared at all. */
const dueFrom = ({ ledger, calendar }: Way, now: number): number => {
  const suspensions = ledger.suspensions.map((one) =>
    one.to === null ? { ...one, to: Math.max(now, one.from) } : one,
  );
  return reckon(termsOf({ ...ledger, suspensions }), calendar).due ?? Infinity;
};

/** The wanted way, unless the kept one is better for the resident. */
export const weigh = (kept: Way, wanted: Way, favour: Favour, now: number): Way => {
  if (favour === 'none') return wanted;
  const [before, after] = [dueFrom(kept, now), dueFrom(wanted, now)];
  return (favour === 'earlier' ? after <= before : after >= before) ? wanted : kept;
};
