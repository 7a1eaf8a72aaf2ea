import type { Handling } from '@linli/bus';
import { findCategory, RISK_COMMANDS, type RiskCommand } from '@linli/contracts';
import { allOf, groupBy, startOfShanghaiDay } from '@linli/kernel';
import type { Transaction } from '@linli/store';
import type { Level } from '../domain/colour.js';
import type { Rule } from '../domain/parameters.js';
import { assess, assessmentInstant, levelFrom, type Assessment, type Surroundings } from '../domain/score.js';
import { windowStart } from '../domain/window.js';
import { emptyTally, tallyOf } from '../domain/tally.js';
import type { RuleBook } from './rules.js';
import { events } from '../store/events.js';
import { grids, textOfGrid, type Activity, type Grid, type Neighbourhood } from '../store/grids.js';
import { placeIdOf, warningIdOf } from '../store/identity.js';
import type { Place } from '../store/place.row.js';
import { places } from '../store/places.js';
import type { Final } from '../store/warning.row.js';

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
class Around {
  private readonly beside = new Map<string, Readonly<Record<string, number>>>();

  constructor(
    private readonly near: ReadonlyMap<string, readonly Neighbourhood[]>,
    private readonly active: ReadonlyMap<string, readonly Activity[]>,
    private readonly known: ReadonlyMap<string, Place>,
    private readonly book: RuleBook,
  ) {}

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

const assessmentBy = (place: Place, around: Around, rule: Rule, now: number): Assessment => {
  const tally = place.tally ?? emptyTally(rule);
  const surroundings = around.of(place);
  return assess(tally, surroundings, assessmentInstant(now, tally, surroundings), rule);
};

const assessed = (place: Place, around: Around, book: RuleBook, now: number): Place => {
  const assessment = assessmentBy(place, around, book.ruleOf(place), now);
  return { ...place, assessedAt: now, assessment, score: assessment.score };
};

/** What a place shows; null before its first assessment. Where no level was told, it follows from the rest but the score. */
export const shownOf = async (tx: Transaction, place: Place, book: RuleBook): Promise<Final | null> => {
  const { assessment, assessedAt, point, score, tally } = place;
  if (assessedAt === null || score === null) return null;
  if (assessment) return { assessment, assessedAt, point };
  const rule = tally ? book.ruleAs(place, tally.version) : book.ruleOf(place);
  const around = await lookAround(tx, [place], book, assessedAt);
  return { assessment: { ...assessmentBy(place, around, rule, assessedAt), score }, assessedAt, point };
};

type Assessed = Place & { readonly assessment: Assessment; readonly assessedAt: number };

const isAssessed = (place: Place): place is Assessed =>
  place.assessment !== null && place.assessedAt !== null;

const tellRise = (place: Assessed, level: Level, handling: Handling, correlationId?: string): Place => {
  const { assessment, assessedAt, generation, rounds } = place;
  handling.send({
    topic: RISK_COMMANDS.name,
    type: 'risk.evaluate-warning',
    tenant: place.tenant,
    aggregateId: warningIdOf(place.id, generation),
    identity: [place.id, generation, level, ...(rounds > 0 ? [rounds] : [])],
    ...(correlationId !== undefined && { correlationId }),
    data: {
      ...{ placeId: place.id, generation, level, score: assessment.score },
      assessedAt: new Date(assessedAt).toISOString(),
    } satisfies RiskCommand<'risk.evaluate-warning'>,
  });
  return { ...place, toldLevel: level };
};

/** The same wish while the place rests: what comes before it is heard is one with it. */
const tellSignal = (place: Assessed, signalAt: number, handling: Handling, correlationId?: string): void =>
  handling.send({
    topic: RISK_COMMANDS.name,
    type: 'risk.revive-warning',
    tenant: place.tenant,
    aggregateId: warningIdOf(place.id, place.generation),
    identity: [place.id, place.generation, 'revive', place.rounds],
    ...(correlationId !== undefined && { correlationId }),
    data: { signalAt: new Date(signalAt).toISOString() } satisfies RiskCommand<'risk.revive-warning'>,
  });

/** The level that an assessed place shows to its warning: of what people answered already only the score counts. */
export const levelToTell = ({ assessment, answered, tally }: Place, rule: Rule): Level => {
  if (!assessment) return 0;
  if (!answered || !tally) return assessment.level;
  return levelFrom(assessment, tally, answered.day, rule);
};

/**
 * Tells the warning of a place that its level rose, once per level (the place remembers what it told); or, while the
 * danger is gone, that a newer signal came.
 */
const tell = (place: Place, rule: Rule, handling: Handling, correlationId?: string): Place => {
  if (!isAssessed(place)) return place;
  const resting = place.answered?.resting;
  if (resting) {
    const newest = place.tally?.newest ?? 0;
    if (newest > resting.since) tellSignal(place, newest, handling, correlationId);
    return place;
  }
  const level = levelToTell(place, rule);
  return level > place.toldLevel ? tellRise(place, level, handling, correlationId) : place;
};

/**
 * Assesses locked places, tells what rose, and saves them. `changed` are the places as they are now, `requests` those
 * that brought the events, by place.
 */
export const assessAndSave = async (
  changed: readonly Place[],
  book: RuleBook,
  handling: Handling,
  requests: ReadonlyMap<string, string | undefined> = new Map(),
): Promise<void> => {
  const now = handling.now.getTime();
  const current = await withCurrentTallies(handling.tx, changed, book, now);
  const around = await lookAround(handling.tx, current, book, now);
  const told = current.map((place) =>
    tell(assessed(place, around, book, now), book.ruleOf(place), handling, requests.get(place.id)),
  );
  await places.save(handling.tx, told);
};
