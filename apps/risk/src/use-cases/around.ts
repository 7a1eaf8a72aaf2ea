import { findCategory } from '@linli/contracts';
import { allOf, groupBy, startOfShanghaiDay } from '@linli/kernel';
import type { Transaction } from '@linli/store';
import type { Surroundings } from '../domain/score.js';
import { tallyOf } from '../domain/tally.js';
import { windowStart } from '../domain/window.js';
import { events } from '../store/events.js';
import { grids, textOfGrid, type Activity, type Grid, type Neighbourhood } from '../store/grids.js';
import { placeIdOf } from '../store/identity.js';
import type { Place } from '../store/place.row.js';
import { places } from '../store/places.js';
import type { RuleBook } from './rules.js';

/** The grid of a place whose scope is one; neighbours, compound and baseline are for these only. */
export const gridOf = (place: Pick<Place, 'tenant' | 'area' | 'scope'>): Grid | null =>
  place.scope.kind === 'grid' ? { tenant: place.tenant, area: place.area, grid: place.scope.name } : null;

type Kind = Pick<Place, 'category' | 'exercise'>;

/** The place of the same kind in another grid. */
const gridPlaceId = ({ tenant, area, grid }: Grid, { category, exercise }: Kind): string =>
  placeIdOf(tenant, category, { kind: 'grid', name: grid }, area, exercise);

/** Places whose score hangs on these grid places: those in the grids that name theirs as a neighbour. */
export const dependentsOf = async (
  tx: Transaction,
  changed: readonly (Kind & Pick<Place, 'tenant' | 'area' | 'scope'>)[],
): Promise<string[]> => {
  const byGrid = groupBy(
    changed.flatMap((place) => {
      const grid = gridOf(place);
      return grid ? [{ grid, kind: place }] : [];
    }),
    ({ grid }) => textOfGrid(grid),
  );
  const naming = await grids.thatName(
    tx,
    [...byGrid.values()].flatMap(([first]) => (first ? [first.grid] : [])),
  );
  return naming.flatMap(({ of, near }) =>
    (byGrid.get(textOfGrid(near)) ?? []).map(({ kind }) => gridPlaceId(of, kind)),
  );
};

/** Tallies computed with other parameters than those in force are computed again from the stored events. */
export const withCurrentTallies = async (
  tx: Transaction,
  all: readonly Place[],
  book: RuleBook,
  now: number,
): Promise<Place[]> => {
  const isStale = (place: Place): boolean =>
    place.tally !== null && place.tally.version !== book.ruleOf(place).parameters.version;
  const asked = all.filter(isStale).map((place) => ({
    placeId: place.id,
    generation: place.generation,
    from: startOfShanghaiDay(windowStart(now, book.ruleOf(place).parameters.windowDays)),
  }));
  const signals = groupBy(await events.within(tx, asked), ({ placeId }) => placeId);
  return all.map((place) =>
    isStale(place)
      ? { ...place, tally: tallyOf(signals.get(place.id) ?? [], now, book.ruleOf(place)) }
      : place,
  );
};

const byGroup = (active: readonly Activity[]): Activity[] =>
  active.toSorted((a, b) => (a.group < b.group ? -1 : 1));

/** What the grid places among some places have around them. */
export class Around {
  private readonly beside = new Map<string, Readonly<Record<string, number>>>();

  constructor(
    private readonly near: ReadonlyMap<string, readonly Neighbourhood[]>,
    private readonly active: ReadonlyMap<string, readonly Activity[]>,
    private readonly known: ReadonlyMap<string, Place>,
    private readonly book: RuleBook,
  ) {}

  /** The same around, with places as they are by now. */
  knowing(changed: readonly Place[]): Around {
    const known = new Map([...this.known, ...changed.map((place) => [place.id, place] as const)]);
    return new Around(this.near, this.active, known, this.book);
  }

  neighbours(place: Place): Place[] {
    const grid = gridOf(place);
    return ((grid && this.near.get(textOfGrid(grid))) ?? [])
      .map(({ near }) => this.known.get(gridPlaceId(near, place)))
      .filter((found) => found !== undefined)
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  of(place: Place): Surroundings {
    const grid = gridOf(place);
    const near = this.near.size > 0 ? this.neighbours(place) : [];
    return {
      neighbours: near.flatMap(({ tally }) => (tally ? [tally] : [])),
      groups: grid && !place.exercise ? this.groupsBeside(place, grid) : {},
      baseline: grid && place.baseline,
      periods: this.book.periodsOf(place.tenant, place.area),
    };
  }

  /** The same for all places of one group in one grid. */
  private groupsBeside({ category }: Place, grid: Grid): Readonly<Record<string, number>> {
    const own = findCategory(category)?.group ?? '';
    const text = textOfGrid(grid);
    const known = this.beside.get(`${text}\n${own}`);
    if (known) return known;
    const groups: Record<string, number> = {};
    for (const { group, lastAt } of byGroup(this.active.get(text) ?? [])) {
      if (group !== own) groups[group] = lastAt;
    }
    this.beside.set(`${text}\n${own}`, groups);
    return groups;
  }
}

/** Loads what is around some places. Read after their rows are locked, so that no change in between is missed. */
export const lookAround = async (
  tx: Transaction,
  of: readonly Place[],
  book: RuleBook,
  now: number,
): Promise<Around> => {
  const gridsOf = of.map(gridOf).filter((grid) => grid !== null);
  const [near, activity] = await allOf([grids.neighboursOf(tx, gridsOf), grids.activityIn(tx, gridsOf)]);
  const byGrid = groupBy(near, (one) => textOfGrid(one.of));
  const ids = of.flatMap((place) => {
    const grid = gridOf(place);
    return ((grid && byGrid.get(textOfGrid(grid))) ?? []).map((one) => gridPlaceId(one.near, place));
  });
  const own = new Map(of.map((place) => [place.id, place] as const));
  const others = await places.find(
    tx,
    [...new Set(ids)].filter((id) => !own.has(id)),
  );
  const current = await withCurrentTallies(tx, others, book, now);
  const known = new Map([...own, ...current.map((place) => [place.id, place] as const)]);
  const active = groupBy(activity, textOfGrid);
  return new Around(byGrid, active, known, book);
};
