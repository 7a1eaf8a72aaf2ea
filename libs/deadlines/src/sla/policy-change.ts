import type { Budget } from '@linli/contracts';
import { refuse, type Refusal } from '@linli/kernel';
import type { DeadlineMove } from '../calendars/deadlines-on.js';
import { amend } from '../ledger/amend.js';
import type { ClockRules } from '../ledger/arm.js';
import { calendarsOn, type CalendarOf } from '../ledger/calendars.js';
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
  readonly calendarOf: CalendarOf;
  readonly rules: ClockRules;
  readonly budget: Budget;
  readonly now: number;
}

/** Where the change would take one deadline; null: it stays, because of whose time it is or of what it is counted in. */
const moveOf = async (
  deadline: Deadline,
  { calendarOf, rules, budget, now }: Weighing,
): Promise<DeadlineMove | null> => {
  const { id, aggregateId, tenant, calendar, calendarVersion, clock, due } = deadline;
  const pinned = await calendarOf(tenant, calendar, calendarVersion);
  const current = await calendarOf(tenant, calendar);
  if (!pinned || !current) throw new Error(`${calendar} is gone, or its version ${calendarVersion}`);
  const context = { rules, pinned, current, at: now, now, note };
  const changed = amend(deadline, { kind: 'change', budget }, context);
  if ('refusal' in changed || changed.deadline.due === due) return null;
  return { id, aggregateId, clock, from: due, to: changed.deadline.due };
};

/** Every open deadline that another policy would move, in the order of ids; changes nothing. */
export const movedByPolicy = async <Tx>(
  { store, calendars, rules }: Pick<LedgerParts<Tx>, 'store' | 'calendars' | 'rules'>,
  tx: Tx,
  { tenant, areas }: Pick<SlaFilter, 'tenant' | 'areas'>,
  { clock, unit, budget }: PolicyChange,
): Promise<readonly DeadlineMove[] | Refusal> => {
  const known = rules.get(clock);
  if (!known) return refuse('SLA_CLOCK_UNKNOWN', 'invalid', `There is no clock "${clock}".`);
  const now = await store.sla.at(tx);
  const weighing = { calendarOf: calendarsOn(calendars, tx), rules: known, budget, now };
  const moves: DeadlineMove[] = [];
  for (let after = ''; ;) {
    const some = await store.sla.ofClock(tx, { tenant, areas, clock, unit, after, limit: AT_ONCE });
    for (const one of some) {
      const move = await moveOf(one, weighing);
      if (move) moves.push(move);
    }
    if (some.length < AT_ONCE) return moves;
    after = some.at(-1)?.id ?? '';
  }
};
