import { Budget } from '@linli/contracts';
import { refuse, type Refusal } from '@linli/kernel';
import { OutOfCalendar } from '../calendar/scale.js';
import type { WorkingCalendar } from '../calendar/working-calendar.js';
import type { Ladder } from '../ladder/ladder.js';
import { planOf } from '../ladder/plan.js';
import { reckon } from '../reckoning/reckon.js';
import { leftAtOf } from '../sla/bands.js';
import { termsOf, type Deadline, type Favour, type LedgerTerms } from './deadline.js';

/** A deadline that is wanted. */
export interface NewDeadline extends Pick<
  Deadline,
  'id' | 'tenant' | 'area' | 'unit' | 'aggregateId' | 'clock'
> {
  readonly budget: Budget;
  /** The event that starts it, milliseconds. */
  readonly from: number;
  readonly calendar: string;
  /** A period of calendar days that ends on a rest day ends on the next working day; by default so (民法典 Art 203). */
  readonly roll?: boolean;
  /** See `Deadline.exercise`; by default not. */
  readonly exercise?: boolean;
}

/** What a clock is by the rules. */
export interface ClockRules {
  readonly favour: Favour;
  readonly ladder: Ladder;
}

type Reckoning = Pick<
  Deadline,
  'due' | 'unrolledDue' | 'leftAt' | 'provisional' | 'rungs' | 'calendarVersion'
>;

/** Due time and ladder by one version of a calendar. Rejects time outside of the calendar with `OutOfCalendar`. */
export const reckonLedger = (ledger: LedgerTerms, calendar: WorkingCalendar, ladder: Ladder): Reckoning => {
  const terms = termsOf(ledger);
  const { due, unrolledDue, provisional, spent } = reckon(terms, calendar);
  const rungs = planOf(ladder, terms, { due, unrolledDue, provisional, spent }, calendar);
  const leftAt = leftAtOf(terms, calendar);
  return { due, unrolledDue, leftAt, provisional, rungs, calendarVersion: calendar.version };
};

/** The answer instead of an `OutOfCalendar`. */
export const withinCalendar = <T>(work: () => T): T | { readonly refusal: Refusal } => {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof OutOfCalendar)) throw error;
    return { refusal: refuse('DEADLINE_TOO_FAR', 'invalid', `${error.message}.`) };
  }
};

/** Starts a clock. */
export const arm = (
  { roll = true, exercise = false, ...wanted }: NewDeadline,
  { favour, ladder }: ClockRules,
  calendar: WorkingCalendar,
): { readonly deadline: Deadline } | { readonly refusal: Refusal } => {
  const read = Budget.safeParse(wanted.budget);
  if (!read.success) {
    const detail = `${wanted.clock} cannot run for that: ${read.error.issues[0]?.message ?? 'no budget'}.`;
    return { refusal: refuse('DEADLINE_BUDGET', 'invalid', detail) };
  }
  return withinCalendar(() => {
    const ledger = { ...wanted, exercise, budget: read.data, roll, suspensions: [], extensions: [] };
    const reckoned = reckonLedger(ledger, calendar, ladder);
    const fresh = { version: 1, state: 'armed', endedAt: null, next: 0, round: 0 } as const;
    return { deadline: { ...ledger, ...reckoned, ...fresh, favour, calendarSeen: calendar.version } };
  });
};
