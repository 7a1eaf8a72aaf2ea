import type { Budget } from '@linli/contracts';
import type { WorkingCalendar } from '../calendar/working-calendar.js';
import type { ClockRules } from './arm.js';
import type { Note } from './deadline.js';

/** What may happen to a deadline that is open. Instants in milliseconds; by default when the log took the command. */
export type Amendment =
  /** Stands still, until it is resumed or until `until`. */
  | { readonly kind: 'pause'; readonly from?: number; readonly until?: number }
  | { readonly kind: 'resume'; readonly at?: number }
  /** More time, in the unit of the budget: counted on from its end before it was rolled. */
  | { readonly kind: 'extend'; readonly more: Budget }
  /** Another policy, priority, team or calendar. A deadline that faces residents moves in their favour only. */
  | {
      readonly kind: 'change';
      readonly budget?: Budget;
      readonly unit?: string | null;
      readonly calendar?: string;
      readonly roll?: boolean;
    }
  /** The calendar has a new version. */
  | { readonly kind: 'import' }
  /** What was to be done is done, or nobody waits for it any more. */
  | { readonly kind: 'end'; readonly at?: number };

export interface AmendContext {
  readonly rules: ClockRules;
  /** The version by which the deadline is reckoned. */
  readonly pinned: WorkingCalendar;
  /** The newest version of the calendar that it has after the change. */
  readonly current: WorkingCalendar;
  /** When the log took the command. */
  readonly at: number;
  /** By the database's clock: what is past and what is to come. */
  readonly now: number;
  readonly note: Note;
}
