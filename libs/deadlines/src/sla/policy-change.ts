import type { Budget } from '@linli/contracts';
import { refuse, type Refusal } from '@linli/kernel';
import type { DeadlineMove } from '../calendars/deadlines-on.js';
import { amend } from '../ledger/amend.js';
import type { ClockRules } from '../ledger/arm.js';
import type { WorkingCalendar } from '../calendar/working-calendar.js';
import type { Calendars } from '../ledger/calendars.js';
import type { Deadline } from '../ledger/deadline.js';
import type { LedgerParts } from '../ledger/deadlines.js';
import type { SlaFilter } from '../store/sla-reads.js';

const AT_ONCE = 500;
const note = { by: 'system', reason: 'what if' };

/** Another budget for a clock. */
export interface PolicyChange {
  readonly clock: string;
  readonly unit?: string | undefined;
  readonly budget: Budget;
}

interface Weighing {
  readonly rules: ClockRules;
  readonly budget: Budget;
  readonly now: number;
}

/** Where the change would take one deadline; null: it stays, because of whose time it is or of what it is counted in. */
const moveOf = (
  deadline: Deadline,
  pinned: WorkingCalendar,
  current: WorkingCalendar,
  { rules, budget, now }: Weighing,
): DeadlineMove | null => {
  const context = { rules, pinned, current, at: now, now, note };
  const changed = amend(deadline, { kind: 'change', budget }, context);
  if ('refusal' in changed || changed.deadline.due === deadline.due) return null;
  const { id, aggregateId, clock, due: from } = deadline;
  return { id, aggregateId, clock, from, to: changed.deadline.due };
};

/** Weighs some deadlines of one tenant. */
const movesOf = async <Tx>(
  calendars: Calendars<Tx>,
  tx: Tx,
  deadlines: readonly Deadline[],
  weighing: Weighing,
): Promise<DeadlineMove[]> => {
  const names = [...new Set(deadlines.map(({ calendar }) => calendar))];
  const newest = await calendars.newest(tx, deadlines[0]?.tenant ?? '', names);
  const moves: DeadlineMove[] = [];
  for (const one of deadlines) {
    const pinned = await calendars.version(tx, one.calendar, one.calendarVersion);
    const current = newest.get(one.calendar);
    if (!pinned || !current)
      throw new Error(`${one.calendar} is gone, or its version ${one.calendarVersion}`);
    const move = moveOf(one, pinned, current, weighing);
    if (move) moves.push(move);
  }
  return moves;
};

/** Every open deadline that another policy would move, in the order of ids; changes nothing. */
export const movedByPolicy = async <Tx>(
  { store, calendars, rules }: Pick<LedgerParts<Tx>, 'store' | 'calendars' | 'rules'>,
  tx: Tx,
  { tenant, areas }: Pick<SlaFilter, 'tenant' | 'areas'>,
  { clock, unit, budget }: PolicyChange,
): Promise<readonly DeadlineMove[] | Refusal> => {
  const known = rules.get(clock);
  if (!known) {
    const names = [...rules.keys()].toSorted().join(', ');
    return refuse('SLA_CLOCK_UNKNOWN', 'invalid', `There is no clock "${clock}"; there are: ${names}.`);
  }
  const weighing = { rules: known, budget, now: await store.sla.at(tx) };
  const moves: DeadlineMove[] = [];
  for (let after = ''; ;) {
    const some = await store.sla.ofClock(tx, { tenant, areas, clock, unit, after, limit: AT_ONCE });
    moves.push(...(await movesOf(calendars, tx, some, weighing)));
    if (some.length < AT_ONCE) return moves;
    after = some.at(-1)?.id ?? '';
  }
};
