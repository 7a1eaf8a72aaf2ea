import { HOUR, shanghaiDayOf } from '@linli/kernel';
import { expected, poissonTail, type Baseline } from './baseline.js';
import { highest, levelOfScore, roundHalfUp, type Level } from './colour.js';
import type { Rule } from './parameters.js';
import { windowStart } from './window.js';
import { valueOf, worthAt, type Item } from './signal.js';
import { countIn, instantOf, type Tally } from './tally.js';

/** A named time in which signals weigh more: holidays, meetings, exams, flood season. Every entry has an approver. */
export interface SensitivePeriod {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** What is around a place, beyond its own signals. Empty but for grids. */
export interface Surroundings {
  /** Tallies of the same category in the neighbour grids that the tenant loaded. */
  readonly neighbours: readonly Tally[];
  /** When another category group last had a signal in the same grid. */
  readonly groups: Readonly<Record<string, number>>;
  readonly baseline: Baseline | null;
  readonly periods: readonly SensitivePeriod[];
}

export const alone: Surroundings = { neighbours: [], groups: {}, baseline: null, periods: [] };

/** The score of a place at an instant, with every number that led to it: stored, so that it can be explained. */
export interface Assessment {
  readonly t: number;
  readonly version: string;
  /** D = own + neighbour · K. */
  readonly own: number;
  readonly neighbours: number;
  readonly weightedSum: number;
  readonly base: number;
  readonly repeats: number;
  readonly repeat: number;
  readonly vulnerable: number;
  readonly sensitivePeriod: number;
  readonly periods: readonly string[];
  readonly compound: number;
  readonly groups: readonly string[];
  readonly anomaly: number;
  readonly count: number;
  /** λ of the anomaly test; null when there is no test. */
  readonly expected: number | null;
  readonly score: number;
  readonly byScore: Level;
  readonly byFloor: Level;
  readonly byTrigger: Level;
  readonly triggers: readonly string[];
  readonly level: Level;
}

const windowOf = (t: number, rule: Rule): number => windowStart(t, rule.parameters.windowDays);

/** The items of each flooder that are in the window, strongest first. */
const flooding = ({ flooders }: Tally, from: number): (readonly Item[])[] => {
  const parties = Object.keys(flooders);
  return parties.length === 0
    ? []
    : parties
        .toSorted()
        .map((party) => (flooders[party] ?? []).filter((item) => shanghaiDayOf(item.at) >= from));
};

/** Sum of the item values that count at `t`: day sums, and of each flooder its strongest items. */
export const weightedSum = (tally: Tally, t: number, rule: Rule): number => {
  const from = windowOf(t, rule);
  let sum = 0;
  for (const day in tally.days) {
    if (Number(day) >= from) sum += worthAt(tally.days[day]?.[0] ?? 0, Number(day), t, rule);
  }
  for (const items of flooding(tally, from)) {
    for (const item of items.slice(0, rule.parameters.partyCap)) {
      sum += worthAt(valueOf(item, rule), shanghaiDayOf(item.at), t, rule);
    }
  }
  return sum;
};

/** Signals beyond the cap of their party; exact up to the most that the factor counts. */
export const repeatsOf = (tally: Tally, t: number, rule: Rule): number => {
  const { partyCap, repeat } = rule.parameters;
  let extra = 0;
  for (const items of flooding(tally, windowOf(t, rule))) extra += Math.max(0, items.length - partyCap);
  return Math.min(extra, repeat.most);
};

/** Nearly always they are already: the sort itself is not free. */
const inOrder = (names: string[]): string[] =>
  names.every((name, n) => n === 0 || (names[n - 1] ?? '') <= name) ? names : names.sort();

const activeGroups = (groups: Surroundings['groups'], t: number, rule: Rule): string[] => {
  const since = t - rule.parameters.compound.hours * HOUR;
  const active: string[] = [];
  for (const group in groups) if ((groups[group] ?? 0) >= since) active.push(group);
  return inOrder(active);
};

const anomalyOf = (count: number, lambda: number | null, rule: Rule): number => {
  const { bonus, tail } = rule.parameters.anomaly;
  return lambda !== null && poissonTail(count, lambda) < tail ? bonus : 0;
};

const floorOf = (tally: Tally, from: number, rule: Rule): Level => {
  const confirmed: Level = (tally.confirmed ?? -Infinity) >= from ? rule.floor : 0;
  const credible: Level = rule.floor === 3 && (tally.credible ?? -Infinity) >= from ? 2 : 0;
  return highest(confirmed, credible);
};

const triggersIn = ({ triggers }: Tally, from: number, rule: Rule): string[] => {
  const found: string[] = [];
  for (const name in triggers) {
    if (rule.triggers.has(name) && (triggers[name] ?? -Infinity) >= from) found.push(name);
  }
  return inOrder(found);
};

const levelOfTriggers = (names: readonly string[], rule: Rule): Level =>
  highest(...names.map((name) => rule.triggers.get(name) ?? 0));

/** The level of a place of which only the floors and triggers from the day `from` on still count. */
export const levelFrom = ({ byScore }: Assessment, tally: Tally, from: number, rule: Rule): Level =>
  highest(byScore, floorOf(tally, from, rule), levelOfTriggers(triggersIn(tally, from, rule), rule));

const periodsAt = ({ periods }: Surroundings, t: number): string[] =>
  periods.length === 0
    ? []
    : periods
        .filter(({ from, to }) => from <= t && t < to)
        .map(({ name }) => name)
        .toSorted();

/** The four multipliers, each with its reason. */
const multipliers = (tally: Tally, around: Surroundings, t: number, rule: Rule) => {
  const { repeat, vulnerable, sensitivePeriod, compound } = rule.parameters;
  const repeats = repeatsOf(tally, t, rule);
  const periods = periodsAt(around, t);
  const groups = activeGroups(around.groups, t, rule);
  return {
    repeats,
    repeat: 1 + repeat.step * repeats,
    vulnerable: (tally.vulnerable ?? -Infinity) >= windowOf(t, rule) ? vulnerable : 1,
    sensitivePeriod: periods.length > 0 ? sensitivePeriod : 1,
    periods,
    compound: Math.min(compound.perGroup ** groups.length, compound.most),
    groups,
  };
};

/** B · product + bonus, at most 100, half up to one decimal. */
export const scoreOf = (factors: {
  readonly base: number;
  readonly repeat: number;
  readonly vulnerable: number;
  readonly sensitivePeriod: number;
  readonly compound: number;
  readonly anomaly: number;
}): number => {
  const product = factors.repeat * factors.vulnerable * factors.sensitivePeriod * factors.compound;
  return roundHalfUp(Math.min(100, factors.base * product + factors.anomaly));
};

export const baseOf = (sum: number, rule: Rule): number =>
  100 * (1 - Math.exp(-sum / rule.parameters.saturation));

/** The instant at which a place is assessed when the clock says `now`. */
export const assessmentInstant = (now: number, tally: Tally, around: Surroundings): number =>
  around.neighbours.reduce((t, neighbour) => instantOf(t, neighbour.newest), instantOf(now, tally.newest));

const neighboursSum = (around: Surroundings, t: number, rule: Rule): number =>
  around.neighbours.reduce((sum, neighbour) => sum + weightedSum(neighbour, t, rule), 0);

/**
 * The score and the colour of a place at `t`. The colour is the highest of score, floor and triggers.
 * Neighbours strengthen a signal and never make one: without a signal of its own a place has no score.
 */
export const assess = (tally: Tally, around: Surroundings, t: number, rule: Rule): Assessment => {
  const from = windowOf(t, rule);
  const own = weightedSum(tally, t, rule);
  const count = countIn(tally, from);
  const near = count > 0 ? neighboursSum(around, t, rule) : 0;
  const sum = own + rule.parameters.neighbour * near;
  const lambda = around.baseline && expected(around.baseline, t, rule.parameters);
  const base = baseOf(sum, rule);
  const { repeats, repeat, vulnerable, sensitivePeriod, periods, compound, groups } = multipliers(
    tally,
    around,
    t,
    rule,
  );
  const anomaly = anomalyOf(count, lambda, rule);
  const score = scoreOf({ base, repeat, vulnerable, sensitivePeriod, compound, anomaly });
  const triggers = triggersIn(tally, from, rule);
  const byScore = levelOfScore(score, rule.parameters.thresholds);
  const byFloor = floorOf(tally, from, rule);
  const byTrigger = levelOfTriggers(triggers, rule);
  const level = highest(byScore, byFloor, byTrigger);
  return {
    t,
    version: rule.parameters.version,
    own,
    neighbours: near,
    weightedSum: sum,
    count,
    expected: lambda,
    base,
    repeats,
    repeat,
    vulnerable,
    sensitivePeriod,
    periods,
    compound,
    groups,
    anomaly,
    score,
    byScore,
    byFloor,
    byTrigger,
    triggers,
    level,
  };
};
