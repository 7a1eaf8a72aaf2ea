import type { Handling } from '@linli/bus';
import { allOf, DAY, groupBy, startOfShanghaiDay } from '@linli/kernel';
import type { Transaction } from '@linli/store';
import { assessAround } from './assess-places.js';
import { dependentsOf, lookAround, withCurrentTallies } from './around.js';
import { activityOf, awakened } from './awaken-places.js';
import { addToBaseline, daysOf } from '../domain/baseline.js';
import type { Rule } from '../domain/parameters.js';
import { scopeOf } from '../domain/scope.js';
import { windowStart } from '../domain/window.js';
import { itemKeyOf, itemOf } from '../domain/signal.js';
import { add, countIn, emptyTally, instantOf, prune, type Tally } from '../domain/tally.js';
import { clearedWhenOver } from './clear-place.js';
import { openRuleBook, type RuleBook } from './rules.js';
import { events, type PlacedEvent, type StoredSignal } from '../store/events.js';
import { grids } from '../store/grids.js';
import { placeIdOf } from '../store/identity.js';
import { blank, type Place, type PlaceName, type Point } from '../store/place.row.js';
import { places } from '../store/places.js';
import type { Arrival, Incoming } from './arrival.js';

const placeNameOf = ({ arrival: { tenant, event }, category, area }: Incoming): PlaceName => {
  const { grid, building, dispute, exercise = false } = event;
  const scope = scopeOf({ area, grid, building, dispute });
  return { id: placeIdOf(tenant, category, scope, area, exercise), tenant, category, area, scope, exercise };
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
  const { tenant, receivedAt, event } = arrival;
  const { id, source, grid, building, dispute, point, occurredAt } = event;
  const { credibility, severity, confirmed, party, vulnerable, triggers, text } = event;
  // Written out: to spread objects costs more than all else here, and this is done for every event.
  return {
    tenant,
    source,
    id,
    placeId: place.id,
    generation: generationOf(arrival, place, rule),
    category,
    area,
    grid,
    building,
    dispute,
    point,
    occurredAt,
    receivedAt,
    storedAt,
    credibility,
    severity,
    confirmed,
    party,
    vulnerable,
    triggers: triggers.length > 0 ? triggers.filter(isTriggerName) : triggers,
    exercise: place.exercise,
    sealedText: text,
  };
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
    const stretch = { placeId: place.id, generation: place.generation, from: startOfShanghaiDay(from) };
    return [...parties].map((party) => ({ ...stretch, party }));
  });
  if (asked.length === 0) return new Map<string, StoredSignal[]>();
  const fresh = new Set(fillings.flatMap(({ signals }) => signals.map(itemKeyOf)));
  const before = (await events.ofParties(tx, asked)).filter((signal) => !fresh.has(itemKeyOf(signal)));
  return groupBy(before, ({ placeId }) => placeId);
};

const isBefore = (a: Point, b: Point | null): boolean =>
  !b || a.at < b.at || (a.at === b.at && a.key < b.key);

const earliest = (before: Point | null, signals: readonly PlacedEvent[]): Point | null => {
  let first = before;
  for (const signal of signals) {
    const { point, occurredAt: at } = signal;
    if (!point || (first && at > first.at)) continue;
    const found = { at, key: itemKeyOf(signal), longitude: point[0], latitude: point[1] };
    if (isBefore(found, first)) first = found;
  }
  return first;
};

const filled = (filling: Filling, before: readonly StoredSignal[]): Place => {
  const { place, rule, tally, t, from, signals, instants } = filling;
  const earlier = new Map(
    [...groupBy(before, ({ party }) => party ?? '')].map(([party, of]) => [party, of.map(itemOf)] as const),
  );
  const days = daysOf(place.scope.kind === 'grid' ? instants : []);
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

/** Places by their names: as stored, else as they are to be made. */
const placesOf = (names: readonly PlaceName[], stored: readonly Place[]): Map<string, Place> => {
  const all = new Map(stored.map((place) => [place.id, place]));
  for (const name of names) if (!all.has(name.id)) all.set(name.id, blank(name));
  return all;
};

/**
 * Stores events that are not known yet and scores every place they touch once, and those whose score hangs on these. The
 * order of the steps keeps transactions from waiting crosswise: places are locked by id, then events inserted by key,
 * then new places by id.
 */
export const storeAndScore = async (incoming: readonly Incoming[], handling: Handling): Promise<void> => {
  if (incoming.length === 0) return;
  const { tx } = handling;
  const now = handling.now.getTime();
  const names = incoming.map(placeNameOf);
  const touched = [...new Map(names.map((name) => [name.id, name])).values()];
  const active = activityOf(incoming);
  const [book, before, dependents] = await allOf([
    openRuleBook(tx, [...new Set(incoming.map(({ arrival }) => arrival.tenant))], now),
    grids.activityIn(tx, active),
    dependentsOf(tx, touched),
  ]);
  const woken = await awakened(tx, { active, before }, book, now);
  const ids = new Set([...touched.map(({ id }) => id), ...dependents, ...woken]);
  const open = await clearedWhenOver(tx, await places.lock(tx, [...ids]), now);
  const locked = await withCurrentTallies(tx, open, book, now);
  const all = placesOf(touched, locked);
  const rows = incoming.flatMap((one, n) => {
    const place = all.get(names[n]?.id ?? '');
    return place ? [placed(one, place, book.ruleOf(place), now)] : [];
  });
  const changing = [...all.values()];
  const [, , around, changed] = await allOf([
    events.add(tx, rows),
    grids.noteActivity(tx, active),
    lookAround(tx, changing, book, now),
    fill(changing, rows, book, handling),
  ]);
  const requests = new Map(incoming.map(({ arrival }, n) => [names[n]?.id ?? '', arrival.correlationId]));
  await assessAround(around.knowing(changed), changed, book, handling, requests);
};
