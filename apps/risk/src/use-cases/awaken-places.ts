import { groupBy, HOUR } from '@linli/kernel';
import type { Transaction } from '@linli/store';
import { grids, textOfGrid, type Activity, type Grid } from '../store/grids.js';
import type { Incoming } from './arrival.js';
import type { RuleBook } from './rules.js';

const groupOf = (category: string): string => category.slice(0, 3);

/** The latest signal of each category group in each grid. An exercise is no activity: it would raise what is real. */
export const activityOf = (incoming: readonly Incoming[]): Activity[] => {
  const latest = new Map<string, Activity>();
  for (const { arrival, category, area } of incoming) {
    const { tenant, event } = arrival;
    if (event.grid === null || event.exercise) continue;
    const group = groupOf(category);
    const key = `${tenant}\n${area}\n${event.grid}\n${group}`;
    if ((latest.get(key)?.lastAt ?? -Infinity) >= event.occurredAt) continue;
    latest.set(key, { tenant, area, grid: event.grid, group, lastAt: event.occurredAt });
  }
  return [...latest.values()];
};

/** Places in a grid where a group becomes active that was not: the other groups' places there score higher now. */
export const awakened = async (
  tx: Transaction,
  { active, before: known }: { readonly active: readonly Activity[]; readonly before: readonly Activity[] },
  book: RuleBook,
  now: number,
): Promise<string[]> => {
  const before = new Map(known.map((one) => [`${textOfGrid(one)}\n${one.group}`, one.lastAt] as const));
  const woken = active.filter((one) => {
    const since = now - book.parametersOf(one.tenant).compound.hours * HOUR;
    const last = before.get(`${textOfGrid(one)}\n${one.group}`) ?? -Infinity;
    return last < since && one.lastAt > last;
  });
  const groups = groupBy(woken, textOfGrid);
  return (await grids.placesIn(tx, woken as readonly Grid[]))
    .filter(({ exercise }) => !exercise)
    .filter((place) => groups.get(textOfGrid(place))?.some(({ group }) => group !== groupOf(place.category)))
    .map(({ id }) => id);
};
