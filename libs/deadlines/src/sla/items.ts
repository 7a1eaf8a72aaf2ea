import type { SlaItem, SlaState } from '@linli/contracts';
import type { WorkingCalendar } from '../calendar/working-calendar.js';
import type { Calendars } from '../ledger/calendars.js';
import type { Deadline } from '../ledger/deadline.js';
import type { SlaItemFilter, SlaPlace, SlaReads } from '../store/sla-reads.js';
import { bandAt } from './bands.js';
import { remainingAt } from './remaining.js';

export type ItemSeen = Omit<SlaItem, 'service'>;

export interface ItemsSeen {
  readonly at: string;
  readonly items: readonly ItemSeen[];
}

const textOf = (instant: number): string => new Date(instant).toISOString();
const textOrNull = (instant: number | null): string | null => (instant === null ? null : textOf(instant));

const suspendedAt = ({ suspensions }: Deadline, now: number): ItemSeen['suspended'] => {
  const one = suspensions.find(({ from, to }) => from <= now && now < (to ?? Infinity));
  return one ? { since: textOf(one.from), until: textOrNull(one.to), reason: one.reason } : null;
};

const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;

const viewOf = (deadline: Deadline, calendar: WorkingCalendar, now: number): ItemSeen => {
  const { share, amount, basis, unit } = remainingAt(deadline, calendar, now);
  return {
    ...{ id: deadline.id, aggregateId: deadline.aggregateId, clock: deadline.clock },
    ...{ unit: deadline.unit, area: deadline.area, state: deadline.state as SlaState },
    ...{ startedAt: textOf(deadline.from), due: textOrNull(deadline.due), band: bandAt(deadline, now) },
    remaining: { share: rounded(share), amount: rounded(amount), basis, unit },
    ...{ suspended: suspendedAt(deadline, now), provisional: deadline.provisional },
    exercise: deadline.exercise,
    explanation: `/v1/deadlines/${deadline.id}/explanation`,
  };
};

/** Open deadlines with what is left of them, the first due first. */
export const itemsSeen = async <Tx>(
  reads: SlaReads<Tx>,
  calendars: Calendars<Tx>,
  tx: Tx,
  filter: SlaItemFilter & { readonly after: SlaPlace | null; readonly limit: number },
): Promise<ItemsSeen> => {
  const now = await reads.at(tx);
  const items: ItemSeen[] = [];
  for (const one of await reads.items(tx, filter, now)) {
    const calendar = await calendars.version(tx, one.calendar, one.calendarVersion);
    if (!calendar) throw new Error(`version ${one.calendarVersion} of ${one.calendar} is gone`);
    items.push(viewOf(one, calendar, now));
  }
  return { at: textOf(now), items };
};
