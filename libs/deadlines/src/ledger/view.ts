import type { DeadlineExplanation, DeadlineView } from '@linli/contracts';
import type { Explained } from '../reckoning/explain.js';
import { intervalView } from '../reckoning/interval-view.js';
import { inTime, isSuspended, type Deadline, type LedgerEntry } from './deadline.js';

const iso = (at: number): string => new Date(at).toISOString();
const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at));

const stateOf = (deadline: Deadline, now: number): DeadlineView['state'] => {
  const { endedAt, due } = deadline;
  if (endedAt !== null) return inTime(deadline, new Date(endedAt)) ? 'ended' : 'missed';
  if (isSuspended(deadline, now)) return 'suspended';
  return due !== null && due < now ? 'overdue' : 'running';
};

const suspendedIn = (deadline: Deadline, now: number): DeadlineView['suspended'] => {
  if (!isSuspended(deadline, now)) return null;
  const open = deadline.suspensions.find(({ from, to }) => from <= now && now < (to ?? Infinity));
  return open ? { since: iso(open.from), by: open.by ?? null, reason: open.reason } : null;
};

/** A deadline as it stands at an instant. `supervision`: see `DeadlineView`. */
export const deadlineView = (
  deadline: Deadline,
  now: number,
  supervision: DeadlineView['supervision'] = null,
): DeadlineView => {
  const { id, clock, unit, budget, due, provisional, calendar, calendarVersion, rungs, next } = deadline;
  const state = stateOf(deadline, now);
  const open = deadline.endedAt === null;
  return {
    ...{ id, clock, state, unit, startedAt: iso(deadline.from), budget, due: isoOrNull(due) },
    remainingSeconds: open && due !== null && state !== 'suspended' ? (due - now) / 1000 : null,
    suspended: suspendedIn(deadline, now),
    ...{ provisional, calendar, calendarVersion, supervision: open ? supervision : null },
    rungs: rungs.map(({ name, at }, n) => ({ name, at: isoOrNull(at), reached: n < next })),
    endedAt: isoOrNull(deadline.endedAt),
  };
};

/** Why a deadline is due when it is, and who did what to it. */
export const explanationView = (
  view: DeadlineView,
  { intervals }: Explained,
  ledger: readonly LedgerEntry[],
): DeadlineExplanation => ({
  deadline: view,
  intervals: intervals.map(intervalView),
  ledger: ledger.map(({ version, kind, at, by, reason, due, adopted }) => ({
    ...{ version, kind, at: iso(at), by, reason, due: isoOrNull(due), adopted },
  })),
});
