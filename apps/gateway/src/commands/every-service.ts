import { CalendarImported } from '@linli/contracts';
import type { Settled } from './command-door.js';

/** What each service says of one import: the calendar is the same for all, the deadlines are its own. */
export const together = (
  first: CalendarImported,
  ...others: readonly CalendarImported[]
): CalendarImported => {
  const all = [first, ...others];
  return {
    ...first,
    changed: all.some(({ changed }) => changed),
    moving: all.reduce((sum, { moving }) => sum + moving, 0),
    deadlines: all.flatMap(({ deadlines }) => deadlines),
  };
};

/** One answer of all services: done when each has done it, on its way while one has not. */
export const settledBy = (first: Settled, ...others: readonly Settled[]): Settled => {
  const pending = [first, ...others].find(({ status }) => status === 202);
  if (pending) return pending;
  const imported = ({ body }: Settled): CalendarImported => CalendarImported.parse(body);
  return first.status === 200
    ? { ...first, body: together(imported(first), ...others.map(imported)) }
    : first;
};
