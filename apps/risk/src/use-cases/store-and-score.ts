import type { Handling } from '@linli/bus';
import { DAY, HOUR } from '@linli/kernel';
import type { Transaction } from '@linli/store';
import { assessAndSave, dependentsOf, gridOf, withCurrentTallies } from './assess-places.js';
import { addToBaseline, daysOf } from '../domain/baseline.js';
import { groupBy } from '../domain/group-by.js';
import type { Rule } from '../domain/parameters.js';
import { scopeOf } from '../domain/scope.js';
import { startOf, windowStart } from '../domain/shanghai-day.js';
import { itemOf } from '../domain/signal.js';
import { add, countIn, emptyTally, instantOf, prune, type Tally } from '../domain/tally.js';
import { openRuleBook, type RuleBook } from './rules.js';
import { events, textOfKey, type EventKey, type PlacedEvent, type StoredSignal } from '../store/events.js';
import { grids, textOfGrid, type Activity, type Grid } from '../store/grids.js';
import { placeIdOf } from '../store/identity.js';
import { blank, places, type Place, type PlaceName, type Point } from '../store/places.js';
import type { Arrival } from './arrival.js';

/** An event whose category and area are known. */
export interface Incoming {
  readonly arrival: Arrival;
  readonly category: string;
  readonly area: string;
}

const placeNameOf = ({ arrival: { tenant, event }, category, area }: Incoming): PlaceName => {
  const scope = scopeOf({ ...event, area });
  return { id: placeIdOf(tenant, category, scope, area), tenant, category, area, scope };
};

/** Names that are no trigger's name (they are snake_case) are dropped; unknown ones are kept and set no colour. */
const isTriggerName = (name: string): boolean => /^[a-z0-9_]{1,64}$/u.test(name);

/** Of what came when it was older than the window already: no place ever has it, so that only the baseline counts it. */
const TOO_LATE = -1;
const counts = ({ generation }: PlacedEvent): boolean => generation !== TOO_LATE;

const generationOf = ({ receivedAt, event }: Arrival, place: Place, { parameters }: Rule): number =>
  receivedAt - event.occurredAt > parameters.windowDays * DAY ? TOO_LATE : place.generation;

const placed = (
  { arrival, category, area }: Incoming,
  place: Place,
  rule: Rule,
  storedAt: number,
): PlacedEvent => {
  const { text, quarantine: _hint, triggers, ...event } = arrival.event;
  return {
    ...event,
    ...{ tenant: arrival.tenant, receivedAt: arrival.receivedAt, storedAt, category, area },
    placeId: place.id,
    generation: generationOf(arrival, place, rule),
    triggers: triggers.filter(isTriggerName),
    sealedText: text,
  };
};

const groupOf = (category: string): string => category.slice(0, 3);

/** The latest signal of each category group in each grid. */
const activityOf = (incoming: readonly Incoming[]): Activity[] => {
  const seen = incoming.flatMap(({ arrival: { tenant, event }, category, area }) =>
    event.grid === null
      ? []
      : [{ tenant, area, grid: event.grid, group: groupOf(category), lastAt: event.occurredAt }],
  );
  return [...groupBy(seen, (one) => `${textOfGrid(one)}\n${one.group}`).values()].flatMap((same) => {
    const [latest] = same.toSorted((a, b) => b.lastAt - a.lastAt);
    return latest ? [latest] : [];
  });
};

/** Places in a grid where a group becomes active that was not: the other groups' places there score higher now. */
const awakened = async (
  tx: Transaction,
  active: readonly Activity[],
  book: RuleBook,
  now: number,
): Promise<string[]> => {
  const before = new Map(
    (await grids.activityIn(tx, active)).map(
      (one) => [`${textOfGrid(one)}\n${one.group}`, one.lastAt] as const,
    ),
  );
  const woken = active.filter((one) => {
    const since = now - book.parametersOf(one.tenant).compound.hours * HOUR;
    const last = before.get(`${textOfGrid(one)}\n${one.group}`) ?? -Infinity;
    return last < since && one.lastAt > last;
  });
  const groups = groupBy(woken, textOfGrid);
  return (await grids.placesIn(tx, woken as readonly Grid[]))
    .filter((place) => groups.get(textOfGrid(place))?.some(({ group }) => group !== groupOf(place.category)))
    .map(({ id }) => id);
};

/** A place about to take signals in: its tally pruned to the window in which they will be counted. */
interface Filling {
  readonly place: Place;
  readonly rule: Rule;
  readonly tally: Tally;
  readonly t: number;
  readonly from: number;
  readonly signals: readonly PlacedEvent[];
  /** Instants of all, also of those that came too late to be counted. */
  readonly instants: readonly number[];
}

const openFilling = (place: Place, all: readonly PlacedEvent[], book: RuleBook, now: number): Filling => {
  const rule = book.ruleOf(place);
  const signals = all.filter(counts);
  const instants = all.map(({ occurredAt }) => occurredAt);
  const newest = signals.reduce(
    (most, { occurredAt }) => Math.max(most, occurredAt),
    place.tally?.newest ?? now,
  );
  const t = instantOf(now, newest);
  const from = windowStart(t, rule.parameters.windowDays);
  return {
    place,
    rule,
    tally: prune(place.tally ?? emptyTally(rule), from, rule),
    t,
    from,
    signals,
    instants,
  };
};

/**
 * What the parties that are not flooders had reported before, by place and party: one query for all. A place that has no
 * more signals in all than one party may have need not be asked for.
 */
const earlierItems = async (tx: Transaction, fillings: readonly Filling[]) => {
  const asked = fillings.flatMap(({ place, rule, tally, from, signals }) => {
    if (countIn(tally, from) + signals.length <= rule.parameters.partyCap) return [];
    const parties = new Set(
      signals.flatMap(({ party }) => (party === null || tally.flooders[party] ? [] : [party])),
    );
    const stretch = { placeId: place.id, generation: place.generation, from: startOf(from) };
    return [...parties].map((party) => ({ ...stretch, party }));
  });
  const fresh = new Set(fillings.flatMap(({ signals }) => signals.map((s) => itemOf(s).key)));
  const before = (await events.ofParties(tx, asked)).filter((signal) => !fresh.has(itemOf(signal).key));
  return groupBy(before, ({ placeId }) => placeId);
};

const earliest = (before: Point | null, signals: readonly PlacedEvent[]): Point | null =>
  signals
    .flatMap(({ point, ...signal }): Point[] =>
      point
        ? [{ at: signal.occurredAt, key: itemOf(signal).key, longitude: point[0], latitude: point[1] }]
        : [],
    )
    .reduce<Point | null>(
      (first, point) =>
        !first || point.at < first.at || (point.at === first.at && point.key < first.key) ? point : first,
      before,
    );

const filled = (filling: Filling, before: readonly StoredSignal[]): Place => {
  const { place, rule, tally, t, from, signals, instants } = filling;
  const earlier = new Map(
    [...groupBy(before, ({ party }) => party ?? '')].map(([party, of]) => [party, of.map(itemOf)] as const),
  );
  const days = daysOf(gridOf(place) ? instants : []);
  return {
    ...place,
    tally: add(tally, signals, earlier, from, rule),
    baseline: addToBaseline(place.baseline, days, t, rule.parameters),
    point: earliest(place.point, signals),
  };
};

const fill = async (
  all: readonly Place[],
  stored: readonly PlacedEvent[],
  book: RuleBook,
  { tx, now }: Handling,
): Promise<Place[]> => {
  const byPlace = groupBy(stored, ({ placeId }) => placeId);
  const fillings = all
    .filter(({ id }) => byPlace.has(id))
    .map((place) => openFilling(place, byPlace.get(place.id) ?? [], book, now.getTime()));
  const before = await earlierItems(tx, fillings);
  const done = new Map(fillings.map((one) => [one.place.id, filled(one, before.get(one.place.id) ?? [])]));
  return all.map((place) => done.get(place.id) ?? place);
};

/**
 * Stores events and scores every place they touch once, and those whose score hangs on these. The order of the steps
 * keeps transactions from waiting crosswise: places are made, then locked by id, then events inserted by key.
 * Answers the keys that were not stored before.
 */
export const storeAndScore = async (
  incoming: readonly Incoming[],
  handling: Handling,
): Promise<EventKey[]> => {
  if (incoming.length === 0) return [];
  const { tx } = handling;
  const now = handling.now.getTime();
  const book = await openRuleBook(tx, [...new Set(incoming.map(({ arrival }) => arrival.tenant))], now);
  const named = incoming.map((one) => ({ one, name: placeNameOf(one) }));
  const touched = [...new Map(named.map(({ name }) => [name.id, name])).values()];
  const active = activityOf(incoming);
  const others = [...(await dependentsOf(tx, touched)), ...(await awakened(tx, active, book, now))];
  const made = await places.ensure(tx, touched);
  const ids = new Set([...touched.map(({ id }) => id), ...others].filter((id) => !made.has(id)));
  const there = await withCurrentTallies(tx, await places.lock(tx, [...ids]), book, now);
  const locked = [...touched.filter(({ id }) => made.has(id)).map(blank), ...there];
  const byId = new Map(locked.map((place) => [place.id, place]));
  const rows = named.flatMap(({ one, name }) => {
    const place = byId.get(name.id);
    return place ? [placed(one, place, book.ruleOf(place), now)] : [];
  });
  const keys = await events.insert(tx, rows);
  const stored = new Set(keys.map(textOfKey));
  const fresh = rows.filter((row) => stored.has(textOfKey(row)));
  await grids.noteActivity(tx, active);
  const requests = new Map(named.map(({ one, name }) => [name.id, one.arrival.correlationId]));
  await assessAndSave(await fill(locked, fresh, book, handling), book, handling, requests);
  return keys;
};
