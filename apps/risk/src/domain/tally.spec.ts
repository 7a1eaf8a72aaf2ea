import { describe, expect, it } from '@jest/globals';
import { DAY, groupBy, shanghaiDayOf } from '@linli/kernel';
import * as fc from 'fast-check';
import { contributions } from './contributions.js';
import type { Rule } from './parameters.js';
import { repeatsOf, weightedSum } from './score.js';
import { windowStart } from './window.js';
import { itemOf, type Signal } from './signal.js';
import { aRule, aSignal, naive, NOON } from './signals.fixture.js';
import { add, emptyTally, instantOf, prune, tallyOf, type Tally } from './tally.js';

const rule = aRule();

/** A place as the service keeps it: chunk by chunk, duplicates dropped, earlier items of a party looked up. */
const grow = (chunks: readonly { signals: readonly Signal[]; now: number }[], by: Rule = rule): Tally => {
  const stored = new Map<string, Signal>();
  let tally = emptyTally(by);
  for (const { signals, now } of chunks) {
    const fresh = new Map(signals.map((s) => [`${s.source}/${s.id}`, s] as const));
    const news = [...fresh].filter(([key]) => !stored.has(key)).map(([, signal]) => signal);
    const newest = news.reduce((most, s) => Math.max(most, s.occurredAt), tally.newest ?? -Infinity);
    const from = windowStart(instantOf(now, Number.isFinite(newest) ? newest : null), 30);
    const known = [...stored.values()].filter((s) => s.party !== null && shanghaiDayOf(s.occurredAt) >= from);
    const earlier = new Map(
      [...groupBy(known, (s) => s.party ?? '')].map(([party, of]) => [party, of.map(itemOf)] as const),
    );
    tally = add(prune(tally, from, by), news, earlier, from, by);
    for (const signal of news) stored.set(`${signal.source}/${signal.id}`, signal);
  }
  return tally;
};

const signalAt = (days: fc.Arbitrary<number>) =>
  fc.record({
    age: days,
    party: fc.option(fc.constantFrom('p1', 'p2'), { nil: null, freq: 4 }),
    credibility: fc.constantFrom(0, 0.3, 0.5, 0.8, 1),
    severity: fc.constantFrom(0.5, 1, 1.5),
    confirmed: fc.boolean(),
    vulnerable: fc.boolean(),
    triggers: fc.subarray(['gas_alarm', 'gathering_5']),
  });

const history = (days: fc.Arbitrary<number>) =>
  fc
    .array(signalAt(days), { maxLength: 60 })
    .map((all) =>
      all.map(({ age, ...rest }, i) =>
        aSignal({ ...rest, id: `e-${i}`, occurredAt: Math.round(NOON - age * DAY) }),
      ),
    );

const anyAge = fc.double({ min: -0.003, max: 40, noNaN: true });
const wholeDays = fc.integer({ min: 0, max: 33 });

const cut = (signals: readonly Signal[], cuts: readonly number[]): Signal[][] => {
  const at = [0, ...cuts.map((c) => c % (signals.length + 1)).toSorted((a, b) => a - b), signals.length];
  return at.slice(1).map((end, i) => signals.slice(at[i], end));
};

const shuffled = fc.tuple(fc.infiniteStream(fc.nat()), fc.array(fc.nat(), { maxLength: 8 }));

const shuffle = (signals: readonly Signal[], keys: Iterable<number>): Signal[] => {
  const key = keys[Symbol.iterator]();
  return signals
    .map((signal) => ({ signal, at: key.next().value as number }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ signal }) => signal);
};

describe('a tally', () => {
  it('is the same in any order, with any duplication, in any cut into chunks', () => {
    fc.assert(
      fc.property(fc.oneof(history(anyAge), history(wholeDays)), shuffled, (signals, [keys, cuts]) => {
        const twice = shuffle([...signals, ...signals.slice(0, 20)], keys);
        const grown = grow(cut(twice, cuts).map((chunk) => ({ signals: chunk, now: NOON })));
        const t = instantOf(NOON, tallyOf(signals, NOON, rule).newest);
        expect(prune(grown, windowStart(t, 30), rule)).toEqual(tallyOf(signals, NOON, rule));
      }),
      { numRuns: 400 },
    );
  });

  it('agrees with the formula over the list of signals', () => {
    fc.assert(
      fc.property(fc.oneof(history(anyAge), history(wholeDays)), (signals) => {
        const tally = tallyOf(signals, NOON, rule);
        const t = instantOf(NOON, tally.newest);
        const wanted = naive(signals, t, rule);
        expect(weightedSum(tally, t, rule)).toBeCloseTo(wanted.sum, 6);
        expect(repeatsOf(tally, t, rule)).toBe(wanted.repeats);
      }),
      { numRuns: 400 },
    );
  });

  it('agrees with it at every later instant, while time passes between the chunks', () => {
    fc.assert(
      fc.property(
        history(wholeDays),
        shuffled,
        fc.integer({ min: 0, max: 35 }),
        (signals, [keys, cuts], days) => {
          const chunks = cut(shuffle(signals, keys), cuts);
          const grown = grow(chunks.map((chunk, i) => ({ signals: chunk, now: NOON + i * DAY })));
          const t = NOON + (chunks.length + days) * DAY;
          const wanted = naive(signals, t, rule);
          expect(weightedSum(grown, t, rule)).toBeCloseTo(wanted.sum, 6);
          expect(repeatsOf(grown, t, rule)).toBe(wanted.repeats);
          expect(prune(grown, windowStart(t, 30), rule)).toEqual(tallyOf(signals, t, rule));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('is explained by its signals one by one', () => {
    fc.assert(
      fc.property(history(anyAge), (signals) => {
        const tally = tallyOf(signals, NOON, rule);
        const t = instantOf(NOON, tally.newest);
        const each = contributions(signals, t, rule);
        expect(each.reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(weightedSum(tally, t, rule), 9);
        expect(Math.min(each.filter(({ counted }) => !counted).length, 4)).toBe(repeatsOf(tally, t, rule));
      }),
    );
  });

  it('does not grow with the number of signals of one party', () => {
    const flood = Array.from({ length: 3000 }, (_, i) =>
      aSignal({ id: `f-${i}`, party: 'one', occurredAt: NOON - i * 60_000 }),
    );
    expect(JSON.stringify(tallyOf(flood, NOON, rule)).length).toBeLessThan(3000);
  });

  it('keeps the three strongest of a party, not the three latest', () => {
    const strong = [1, 2, 3].map((age) =>
      aSignal({ id: `s-${age}`, party: 'one', credibility: 1, occurredAt: NOON - age * DAY }),
    );
    const weak = [0, 0.1].map((age) =>
      aSignal({ id: `w-${age}`, party: 'one', credibility: 0.1, occurredAt: NOON - age * DAY }),
    );
    const tally = grow([
      { signals: strong, now: NOON },
      { signals: weak, now: NOON },
    ]);
    const wanted = 0.6 * (Math.exp(-1 / 7) + Math.exp(-2 / 7) + Math.exp(-3 / 7));
    expect(weightedSum(tally, NOON, rule)).toBeCloseTo(wanted, 6);
  });
});
