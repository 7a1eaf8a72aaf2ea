import { groupBy, shanghaiDayOf } from '@linli/kernel';
import type { Rule } from './parameters.js';
import { skyline } from './party-cap.js';
import { windowStart } from './window.js';
import { itemOf, valueOf, type Item, type Signal } from './signal.js';

/** Sum of the values (units) that count, and number of all signals, of one calendar day. */
export type DaySum = readonly [sum: number, count: number];

/**
 * What a place remembers of its signals: enough to score it at any later instant, and its size does not grow with their
 * number. At a given window start it is a function of the set of signals alone: any order, any cut into chunks.
 */
export interface Tally {
  /** Version of the parameters with which the values were computed. */
  readonly version: string;
  /** Latest `occurredAt` in the window. */
  readonly newest: number | null;
  /** By calendar day. Parties with no more signals in the window than the cap are in here. */
  readonly days: Readonly<Record<number, DaySum>>;
  /** Parties with more signals in the window than the cap: theirs are kept one by one, strongest first. */
  readonly flooders: Readonly<Record<string, readonly Item[]>>;
  /** Latest day of a signal with a vulnerable person, of a confirmed one, of a credible one. */
  readonly vulnerable: number | null;
  readonly confirmed: number | null;
  readonly credible: number | null;
  /** Latest day of each named trigger. */
  readonly triggers: Readonly<Record<string, number>>;
}

export const emptyTally = (rule: Rule): Tally => ({
  version: rule.parameters.version,
  newest: null,
  days: {},
  flooders: {},
  vulnerable: null,
  confirmed: null,
  credible: null,
  triggers: {},
});

/** The instant for which a place is assessed: never before its newest signal, so that no age is negative. */
export const instantOf = (now: number, newest: number | null): number => Math.max(now, newest ?? now);

/** Signals from the day `from` on, whether counted or beyond the cap of their party. */
export const countIn = ({ days }: Tally, from: number): number => {
  let sum = 0;
  for (const day in days) if (Number(day) >= from) sum += days[day]?.[1] ?? 0;
  return sum;
};

type Draft = { -readonly [K in keyof Tally]: Tally[K] } & {
  days: Record<number, DaySum>;
  flooders: Record<string, readonly Item[]>;
  triggers: Record<string, number>;
};

const draftOf = (tally: Tally): Draft => ({
  ...tally,
  days: { ...tally.days },
  flooders: { ...tally.flooders },
  triggers: { ...tally.triggers },
});

const later = (a: number | null, b: number): number => (a === null ? b : Math.max(a, b));

const addToDay = (draft: Draft, day: number, sum: number, count: number): void => {
  const known = draft.days[day];
  draft.days[day] = known ? [known[0] + sum, known[1] + count] : [sum, count];
};

const addValues = (draft: Draft, items: readonly Item[], rule: Rule, sign: 1 | -1): void => {
  for (const item of items) addToDay(draft, shanghaiDayOf(item.at), sign * valueOf(item, rule), 0);
};

const addFlags = (draft: Draft, signal: Signal, rule: Rule): void => {
  const day = shanghaiDayOf(signal.occurredAt);
  draft.newest = later(draft.newest, signal.occurredAt);
  if (signal.vulnerable) draft.vulnerable = later(draft.vulnerable, day);
  if (signal.confirmed) draft.confirmed = later(draft.confirmed, day);
  if (signal.credibility >= rule.parameters.credible) draft.credible = later(draft.credible, day);
  for (const name of signal.triggers) draft.triggers[name] = later(draft.triggers[name] ?? null, day);
  addToDay(draft, day, 0, 1);
};

const addOfParty = (
  draft: Draft,
  party: string,
  items: readonly Item[],
  earlier: readonly Item[],
  rule: Rule,
) => {
  const flood = draft.flooders[party];
  if (flood) {
    draft.flooders[party] = skyline([...flood, ...items], rule);
  } else if (earlier.length + items.length <= rule.parameters.partyCap) {
    addValues(draft, items, rule, 1);
  } else {
    addValues(draft, earlier, rule, -1);
    draft.flooders[party] = skyline([...earlier, ...items], rule);
  }
};

const keepSince = (day: number | null, from: number): number | null =>
  day !== null && day >= from ? day : null;

/** Without the entries of days before `from`. */
const since = <T>(
  record: Readonly<Record<string, T>>,
  dayIn: (name: string, value: T) => number,
  from: number,
): Record<string, T> => {
  const kept: Record<string, T> = {};
  for (const name of Object.keys(record)) {
    const value = record[name] as T;
    if (dayIn(name, value) >= from) kept[name] = value;
  }
  return kept;
};

/** Drops what lies before the day `from`. A party that is within the cap again goes back to the day sums. */
export const prune = (tally: Tally, from: number, rule: Rule): Tally => {
  const draft: Draft = {
    ...tally,
    newest: tally.newest !== null && shanghaiDayOf(tally.newest) >= from ? tally.newest : null,
    days: since(tally.days, Number, from),
    flooders: {},
    vulnerable: keepSince(tally.vulnerable, from),
    confirmed: keepSince(tally.confirmed, from),
    credible: keepSince(tally.credible, from),
    triggers: since(tally.triggers, (_, day) => day, from),
  };
  for (const [party, items] of Object.entries(tally.flooders)) {
    const kept = items.filter((item) => shanghaiDayOf(item.at) >= from);
    if (kept.length > rule.parameters.partyCap) draft.flooders[party] = kept;
    else addValues(draft, kept, rule, 1);
  }
  return draft;
};

/**
 * Adds signals to a tally that is pruned to the day `from`; those before it are left out. `earlier` holds, for each party
 * named by the signals that is not a flooder, its items that are already in the day sums.
 */
export const add = (
  tally: Tally,
  signals: readonly Signal[],
  earlier: ReadonlyMap<string, readonly Item[]>,
  from: number,
  rule: Rule,
): Tally => {
  const draft = draftOf(tally);
  const counting = signals.filter((signal) => shanghaiDayOf(signal.occurredAt) >= from);
  for (const signal of counting) addFlags(draft, signal, rule);
  for (const [party, group] of groupBy(counting, (signal) => signal.party)) {
    const items = group.map(itemOf);
    if (party === null) addValues(draft, items, rule, 1);
    else addOfParty(draft, party, items, earlier.get(party) ?? [], rule);
  }
  return draft;
};

/** The tally of a set of signals as seen at `now`, computed from nothing: what the stored one must be equal to. */
export const tallyOf = (signals: readonly Signal[], now: number, rule: Rule): Tally => {
  const newest = signals.reduce<number | null>((most, signal) => later(most, signal.occurredAt), null);
  const from = windowStart(instantOf(now, newest), rule.parameters.windowDays);
  return add(emptyTally(rule), signals, new Map(), from, rule);
};
