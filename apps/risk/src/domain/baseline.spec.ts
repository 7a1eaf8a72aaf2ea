import { describe, expect, it } from '@jest/globals';
import { DAY } from '@linli/kernel';
import { addToBaseline, daysOf, emptyBaseline, expected, poissonTail } from './baseline.js';
import { parameters202601 } from './parameters.js';
import { alone, assess } from './score.js';
import { aRule, aSignal, NOON } from './signals.fixture.js';
import { tallyOf } from './tally.js';

/** One signal every week at noon on Mondays, `from` to `to` weeks ago. */
const weekly = (from: number, to: number): number[] =>
  Array.from({ length: from - to + 1 }, (_, i) => NOON - (from - i) * 7 * DAY);

const baseline = (instants: readonly number[]) =>
  addToBaseline(emptyBaseline, daysOf(instants), NOON, parameters202601);
const lambda = (instants: readonly number[]) => expected(baseline(instants), NOON, parameters202601);

describe('the tail of a Poisson variable', () => {
  it.each([
    [0, 3, 1],
    [1, 0.5, 0.393469],
    [3, 1, 0.080301],
    [4, 1, 0.018988],
    [5, 1, 0.00366],
    [10, 4.2857, 0.012639],
    [120, 100, 0.028226],
    [1000, 1000, 0.504205],
  ])('P(X ≥ %i) with mean %d is %d', (n, mean, tail) => {
    expect(poissonTail(n, mean)).toBeCloseTo(tail, 4);
  });
});

describe('what is expected in a window', () => {
  it('is nothing known before 56 days of history', () => {
    expect(lambda([NOON - 55 * DAY])).toBeNull();
    expect(lambda([NOON - 56 * DAY])).not.toBeNull();
  });

  it('is the weekly mean before the window, scaled to 30 days', () => {
    expect(lambda(weekly(20, 0))).toBeCloseTo(30 / 7, 6);
  });

  it('looks back twelve months and no further', () => {
    const longAgo = Array.from({ length: 500 }, () => NOON - 500 * DAY);
    expect(lambda([...longAgo, ...weekly(80, 5)])).toBeCloseTo(30 / 7, 6);
  });

  it('is nothing known when those months were silent', () => {
    expect(lambda([NOON - 500 * DAY])).toBeNull();
  });

  it('is the same in any order and any cut', () => {
    const all = weekly(70, 0);
    const bits = [all.slice(30), all.slice(0, 10).toReversed(), all.slice(10, 30)];
    const grown = bits.reduce(
      (sum, bit) => addToBaseline(sum, daysOf(bit), NOON, parameters202601),
      emptyBaseline,
    );
    expect(grown).toEqual(baseline(all));
  });
});

describe('the anomaly bonus', () => {
  const bonus = (n: number) => {
    const signals = Array.from({ length: n }, (_, i) => aSignal({ id: `n-${i}` }));
    const around = { ...alone, baseline: baseline(weekly(20, 5)) };
    return assess(tallyOf(signals, NOON, aRule()), around, NOON, aRule()).anomaly;
  };

  it('is 10 points when so many signals have a chance below 0.01, else none', () => {
    expect([bonus(10), bonus(11)]).toEqual([0, 10]);
  });
});
