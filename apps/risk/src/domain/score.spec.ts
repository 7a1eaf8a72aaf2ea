import { describe, expect, it } from '@jest/globals';
import { DAY, HOUR } from '@linli/kernel';
import { levelOfScore, roundHalfUp, type Level } from './colour.js';
import type { Rule } from './parameters.js';
import { alone, assess, scoreOf, type Surroundings } from './score.js';
import type { Signal } from './signal.js';
import { aRule, aSignal, NOON } from './signals.fixture.js';
import { tallyOf } from './tally.js';

const assessed = (signals: readonly Signal[], rule: Rule = aRule(), around: Surroundings = alone) =>
  assess(tallyOf(signals, NOON, rule), around, NOON, rule);

const equal = (n: number): Signal[] =>
  Array.from({ length: n }, (_, i) => aSignal({ id: `e-${i}`, party: `p-${i}` }));

const aged = (days: readonly number[], party?: string): Signal[] =>
  days.map((age) =>
    aSignal({ id: `a-${age}-${party ?? ''}`, occurredAt: NOON - age * DAY, party: party ?? null }),
  );

describe('the score of n equal real-name signals of different parties', () => {
  it.each<[n: number, weight: number, score: number, level: Level]>([
    [1, 2, 12.0, 0],
    [1, 3, 17.5, 0],
    [1, 4, 22.6, 0],
    [1, 5, 27.4, 0],
    [3, 2, 31.9, 0],
    [3, 3, 43.8, 1],
    [3, 4, 53.6, 1],
    [3, 5, 61.7, 2],
    [5, 2, 47.3, 1],
    [5, 3, 61.7, 2],
    [5, 4, 72.2, 2],
    [5, 5, 79.8, 2],
    [8, 2, 64.1, 2],
    [8, 3, 78.5, 2],
    [8, 4, 87.1, 3],
    [8, 5, 92.3, 3],
    [10, 2, 72.2, 2],
    [10, 3, 85.3, 3],
    [10, 4, 92.3, 3],
    [10, 5, 95.9, 3],
  ])('n %i, w %i is %d, level %i', (n, weight, score, level) => {
    const found = assessed(equal(n), aRule({ weight }));
    expect([found.score, found.level]).toEqual([score, level]);
  });
});

describe('the worked example of four property complaints aged 0, 1, 2 and 5 days', () => {
  it('has D 1.492 and B 44.9', () => {
    const found = assessed(aged([0, 1, 2, 5]));
    expect(found.weightedSum).toBeCloseTo(1.492, 3);
    expect(found.base).toBeCloseTo(44.9, 1);
    expect(found.score).toBe(44.9);
  });

  it('is 51.7 yellow with one repeat', () => {
    const found = assessed([...aged([0, 1, 2, 6], 'same'), ...aged([5], 'other')]);
    expect(found.weightedSum).toBeCloseTo(1.492, 3);
    expect([found.repeats, found.repeat, found.score, found.level]).toEqual([1, 1.15, 51.7, 1]);
  });

  it('is 68.2 orange with one extra group and a sensitive period besides', () => {
    const found = assessed([...aged([0, 1, 2, 6], 'same'), ...aged([5], 'other')], aRule(), {
      ...alone,
      groups: { FIR: NOON - 71 * HOUR },
      periods: [{ name: 'two sessions', from: NOON - DAY, to: NOON + DAY }],
    });
    expect([found.score, found.level, found.groups, found.periods]).toEqual([
      68.2,
      2,
      ['FIR'],
      ['two sessions'],
    ]);
  });
});

describe('rounding and thresholds', () => {
  it.each([
    [39.94, 39.9, 0],
    [39.95, 40.0, 1],
    [59.949, 59.9, 1],
    [59.95, 60.0, 2],
    [79.949999, 79.9, 2],
    [79.95, 80.0, 3],
    [0.05, 0.1, 0],
    [1.005 * 10, 10.1, 0],
  ])('%d is shown as %d and has level %i', (raw, shown, level) => {
    expect(roundHalfUp(raw)).toBe(shown);
    expect(levelOfScore(roundHalfUp(raw), [40, 60, 80])).toBe(level);
  });

  it('never exceeds 100', () => {
    const factors = {
      base: 99.9,
      repeat: 1.6,
      vulnerable: 1.15,
      sensitivePeriod: 1.2,
      compound: 1.3,
      anomaly: 10,
    };
    expect(scoreOf(factors)).toBe(100);
  });
});

describe('the multipliers', () => {
  it.each([
    [3, 0, 1],
    [4, 1, 1.15],
    [6, 3, 1.45],
    [7, 4, 1.6],
    [20, 4, 1.6],
  ])('a party with %i signals gives %i repeats, factor %d, and counts three times', (n, repeats, factor) => {
    const found = assessed(equal(n).map((signal) => ({ ...signal, party: 'one' })));
    expect([found.repeats, found.count]).toEqual([repeats, n]);
    expect(found.repeat).toBeCloseTo(factor, 12);
    expect(found.weightedSum).toBeCloseTo(3 * 0.48, 6);
  });

  it('a vulnerable person in any signal in the window gives 1.15', () => {
    expect(assessed([aSignal({ vulnerable: true })]).vulnerable).toBe(1.15);
    expect(assessed([aSignal({ vulnerable: true, occurredAt: NOON - 31 * DAY })]).vulnerable).toBe(1);
  });

  it.each([
    [[], 1],
    [['FIR'], 1.1],
    [['FIR', 'SEC'], 1.21],
    [['ENV', 'FIR', 'SEC'], 1.3],
    [['ENV', 'FIR', 'INF', 'SEC'], 1.3],
  ])('other groups %j give %d', (groups, factor) => {
    const around = { ...alone, groups: Object.fromEntries(groups.map((group) => [group, NOON - 72 * HOUR])) };
    expect(assessed([aSignal()], aRule(), around).compound).toBeCloseTo(factor, 12);
  });

  it('a group that was active more than 72 hours ago does not count', () => {
    const around = { ...alone, groups: { FIR: NOON - 72 * HOUR - 1 } };
    expect(assessed([aSignal()], aRule(), around).compound).toBe(1);
  });

  it('a sensitive period holds from its first to before its last instant', () => {
    const during = (from: number, to: number) =>
      assessed([aSignal()], aRule(), { ...alone, periods: [{ name: 'exam', from, to }] }).sensitivePeriod;
    expect([during(NOON, NOON + 1), during(NOON - 1, NOON), during(NOON + 1, NOON + 2)]).toEqual([1.2, 1, 1]);
  });

  it('a neighbour grid counts half, each with its own party cap', () => {
    const rule = aRule();
    const near = tallyOf(
      equal(5).map((signal) => ({ ...signal, party: 'one' })),
      NOON,
      rule,
    );
    const found = assessed([aSignal({ party: 'one' })], rule, { ...alone, neighbours: [near] });
    expect(found.weightedSum).toBeCloseTo(0.48 + 0.5 * 3 * 0.48, 6);
    expect(found.repeats).toBe(0);
  });
});

describe('neighbours', () => {
  it('strengthen a signal and never make one', () => {
    const rule = aRule();
    const around = { ...alone, neighbours: [tallyOf(equal(10), NOON, rule)] };
    expect(assessed([], rule, around).score).toBe(0);
    expect(assessed([aSignal({ credibility: 0 })], rule, around).weightedSum).toBeCloseTo(0.5 * 10 * 0.48, 6);
  });
});

describe('floors', () => {
  it.each<[floor: Level, confirmed: boolean, credibility: number, level: Level]>([
    [0, true, 1, 0],
    [1, true, 0.3, 1],
    [2, true, 0.3, 2],
    [3, true, 0.3, 3],
    [3, false, 0.8, 2],
    [3, false, 0.79, 0],
    [2, false, 1, 0],
    [1, false, 1, 0],
  ])('floor %i, confirmed %s, credibility %d gives level %i', (floor, confirmed, credibility, level) => {
    const found = assessed([aSignal({ confirmed, credibility })], aRule({ floor, weight: 2 }));
    expect([found.byScore, found.level]).toEqual([0, level]);
  });

  it('do not lower what the score gives', () => {
    expect(assessed([...equal(10), aSignal({ confirmed: true })], aRule({ floor: 1 })).level).toBe(3);
  });

  it('end when the confirmed signal leaves the window', () => {
    expect(
      assessed([aSignal({ confirmed: true, occurredAt: NOON - 30 * DAY })], aRule({ floor: 3 })).level,
    ).toBe(3);
    expect(
      assessed([aSignal({ confirmed: true, occurredAt: NOON - 31 * DAY })], aRule({ floor: 3 })).level,
    ).toBe(0);
  });
});

describe('triggers', () => {
  it.each<[trigger: string, level: Level]>([
    ['gas_alarm', 3],
    ['gathering_5', 2],
    ['second_repeat', 1],
    ['something_unknown', 0],
  ])('%s gives level %i whatever the score', (trigger, level) => {
    const found = assessed([aSignal({ credibility: 0, triggers: [trigger] })]);
    expect([found.score, found.level, found.triggers]).toEqual([0, level, level === 0 ? [] : [trigger]]);
  });

  it('the highest of several wins, and all are named', () => {
    const found = assessed([aSignal({ triggers: ['second_repeat', 'gathering_5'] })]);
    expect([found.level, found.triggers]).toEqual([2, ['gathering_5', 'second_repeat']]);
  });
});

describe('the window', () => {
  it('counts whole Shanghai days', () => {
    const firstDay = Date.parse('2026-10-24T00:00:00+08:00');
    expect(assessed([aSignal({ occurredAt: firstDay })]).count).toBe(1);
    expect(assessed([aSignal({ occurredAt: firstDay - 1 })]).count).toBe(0);
  });
});
