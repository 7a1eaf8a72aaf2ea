import type { Budget } from '@linli/contracts';
import type { PlannedRung } from '../ladder/plan.js';
import type { Terms } from '../reckoning/reckon.js';
import type { LeftAt } from '../sla/bands.js';
import type { Suspension } from '../reckoning/suspension.js';

/**
 * Which way the resident gains when a due time moves. `earlier`: somebody owes the resident something (K_HANDLE,
 * K_NOTICE). `later`: it is the resident's own window (K_RVWIN, K_INFO). `none`: between offices only (K_SIGN).
 * See decision 0019.
 */
export type Favour = 'earlier' | 'later' | 'none';

export interface Extension {
  /** In the unit and basis of the budget. */
  readonly amount: number;
  readonly by: string;
  readonly reason: string;
}

/** What a deadline is reckoned from: its own ledger, from which the due time can be made anew. */
export interface LedgerTerms {
  readonly budget: Budget;
  /** The event that started it, milliseconds. */
  readonly from: number;
  /** See `Terms.roll`. */
  readonly roll: boolean;
  readonly calendar: string;
  readonly suspensions: readonly Suspension[];
  readonly extensions: readonly Extension[];
}

/**
 * `armed`: runs, or is suspended. `due`: its due time was reached and told to the aggregate, which has not answered yet.
 * `fired`: the aggregate heard it in time to count. `cancelled`: ended before that. Fired and cancelled are final.
 */
export type DeadlineState = 'armed' | 'due' | 'fired' | 'cancelled';

export interface Deadline extends LedgerTerms {
  readonly id: string;
  readonly tenant: string;
  /** Division code of what it is about, for who may see it; null: only who may see everywhere. */
  readonly area: string | null;
  /** Who has to keep it. */
  readonly unit: string | null;
  readonly aggregateId: string;
  readonly clock: string;
  /** Of a drill (演练): kept and fired like any other, and not counted among those of real matters. */
  readonly exercise: boolean;
  readonly favour: Favour;
  readonly version: number;
  /** By which version it is reckoned; an older one where the newest would harm the resident. */
  readonly calendarVersion: string;
  /** The newest version that was weighed. */
  readonly calendarSeen: string;
  /** Milliseconds; null: stands still. */
  readonly due: number | null;
  readonly unrolledDue: number | null;
  readonly leftAt: LeftAt;
  /** Reaches into a year for which no calendar is published. */
  readonly provisional: boolean;
  readonly state: DeadlineState;
  /** When it ended, by the command that ended it; null: it is open. */
  readonly endedAt: number | null;
  readonly rungs: readonly PlannedRung[];
  /** Place of the next rung; all before it were reached. */
  readonly next: number;
  /** Rises when a change puts rungs that were reached into the future again: they are reached anew. */
  readonly round: number;
}

/** What is reckoned: extensions lengthen the budget, so they count on from its end before it was rolled. */
export const termsOf = ({ budget, from, roll, suspensions, extensions }: LedgerTerms): Terms => ({
  budget: { ...budget, amount: extensions.reduce((sum, { amount }) => sum + amount, budget.amount) },
  ...{ from, roll, suspensions },
});

/** When the next rung is reached, milliseconds; null: none is in sight. */
export const nextAt = ({
  endedAt,
  rungs,
  next,
}: Pick<Deadline, 'endedAt' | 'rungs' | 'next'>): number | null =>
  endedAt === null ? (rungs[next]?.at ?? null) : null;

/** Stands still now or for good until somebody resumes it. */
export const isSuspended = ({ endedAt, suspensions }: Deadline, now: number): boolean =>
  endedAt === null && suspensions.some(({ from, to }) => from <= now && now < (to ?? Infinity));

/**
 * Whether what was accepted at an instant was in time (C-7): by the time at which the log took the command, however much
 * later it is executed; the due time itself is in time.
 */
export const inTime = ({ due }: Pick<Deadline, 'due'>, appendedAt: Date): boolean =>
  due === null || appendedAt.getTime() <= due;

/** Who changes a deadline, and why. */
export interface Note {
  /** Key id of the principal, or the name of what acted: `system`. */
  readonly by: string;
  readonly reason: string;
}

/** One change of a deadline. Never changed itself; together they are the ledger. */
export interface LedgerEntry extends Note {
  readonly deadlineId: string;
  /** That the deadline had after it. */
  readonly version: number;
  readonly kind: 'arm' | 'pause' | 'resume' | 'extend' | 'change' | 'import' | 'end';
  /** From when it holds, milliseconds: when the log took the command. */
  readonly at: number;
  /** The change as it was asked for. */
  readonly body: unknown;
  readonly due: number | null;
  /** False: it was asked for, and its due time would have harmed the resident. */
  readonly adopted: boolean;
}
