import { describe, expect, it } from '@jest/globals';
import { riskCategories, riskGroups } from '@linli/contracts';
import { parameters202601, type Parameters } from '../domain/parameters.js';
import { alone, assess } from '../domain/score.js';
import type { Signal } from '../domain/signal.js';
import { aSignal, NOON } from '../domain/signals.fixture.js';
import { tallyOf } from '../domain/tally.js';
import { RuleBook } from './rules.js';

const TENANT = 'yuhang';
const set = (version: string, validFrom: number, more: Partial<Parameters> = {}) => ({
  tenant: TENANT,
  validFrom,
  parameters: { ...parameters202601, version, source: 'a test', ...more },
});
const book = (now = NOON) =>
  new RuleBook(
    [
      set('2026-02', 100, { weights: { 'DSP-04': 5 } }),
      set('2026-04', 300, { decayDays: { '*': 2 } }),
      set('2026-03', 200),
    ],
    [
      { tenant: TENANT, name: 'all', areaPrefix: '', from: 0, to: 1 },
      { tenant: TENANT, name: 'street', areaPrefix: '330110003', from: 0, to: 1 },
      { tenant: 'xihu', name: 'other', areaPrefix: '', from: 0, to: 1 },
    ],
    now,
  );
const plain = new RuleBook([], [], NOON);
const levelOf = (category: string, signal: Partial<Signal>) => {
  const rule = plain.ruleOf({ tenant: TENANT, category });
  return assess(tallyOf([aSignal({ credibility: 0, ...signal })], NOON, rule), alone, NOON, rule).level;
};

describe('the triggers', () => {
  it.each([
    ['immediate_danger', 3],
    ['gas_alarm', 3],
    ['dementia_missing', 3],
    ['armed_threat', 3],
    ['gathering_30', 3],
    ['official_red', 3],
    ['police_calls_8', 3],
    ['gathering_5', 2],
    ['property_leaving', 2],
    ['wage_arrears_10', 2],
    ['official_orange', 2],
    ['third_repeat_police', 2],
    ['official_yellow', 1],
    ['second_repeat', 1],
    ['mediation_failed', 1],
  ])('%s sets level %i', (name, level) => {
    expect(levelOf('ENV-01', { triggers: [name] })).toBe(level);
  });
});

describe('the floors of confirmed signals', () => {
  it.each([
    ['DSP-01', 0],
    ['DSP-02', 2],
    ['DSP-09', 1],
    ['SEC-03', 3],
    ['INF-01', 3],
    ['NAT-07', 3],
    ['VUL-02', 3],
    ['VUL-05', 3],
    ['FIR-05', 2],
    ['ENV-04', 1],
  ])('%s gives level %i', (category, level) => {
    expect(levelOf(category, { confirmed: true })).toBe(level);
  });

  it('are 5 red, 24 orange, 46 yellow and 23 none', () => {
    const floors = riskCategories.map(({ code }) => plain.ruleOf({ tenant: TENANT, category: code }).floor);
    expect([3, 2, 1, 0].map((level) => floors.filter((floor) => floor === level).length)).toEqual([
      5, 24, 46, 23,
    ]);
  });
});

describe('the parameters of a tenant', () => {
  it('are the default until a set of its own has begun; then the one that began last', () => {
    const versionAt = (now: number) => book(now).parametersOf(TENANT).version;
    expect([99, 100, 250, 300, NOON].map(versionAt)).toEqual([
      '2026-01',
      '2026-02',
      '2026-03',
      '2026-04',
      '2026-04',
    ]);
    expect(book().parametersOf('xihu').version).toBe('2026-01');
  });

  it('give weight and decay, of the catalogue where they do not say otherwise', () => {
    const ruleAt = (now: number, category: string) => {
      const { weight, decayDays } = book(now).ruleOf({ tenant: TENANT, category });
      return [weight, decayDays];
    };
    expect([
      ruleAt(0, 'DSP-04'),
      ruleAt(100, 'DSP-04'),
      ruleAt(100, 'NAT-01'),
      ruleAt(300, 'NAT-01'),
    ]).toEqual([
      [3, 7],
      [5, 7],
      [5, 1],
      [5, 2],
    ]);
  });

  it('are found again by their version', () => {
    const place = { tenant: TENANT, category: 'DSP-04' };
    expect([book().ruleAs(place, '2026-02').weight, book().ruleAs(place, '2026-01').weight]).toEqual([5, 3]);
  });

  it('decay by default as the groups of the catalogue say', () => {
    const groups = Object.entries(riskGroups).map(([group, { decayDays }]) => [group, decayDays]);
    const { '*': _, ...decay } = parameters202601.decayDays;
    expect(decay).toEqual(Object.fromEntries(groups));
  });
});

describe('sensitive periods', () => {
  it('hold in their area and for their tenant', () => {
    const names = (area: string) =>
      book()
        .periodsOf(TENANT, area)
        .map(({ name }) => name);
    expect([names('330110003012'), names('330106003012')]).toEqual([['all', 'street'], ['all']]);
  });
});

describe('a category that is not in the catalogue', () => {
  it('has no rule', () => {
    expect(() => plain.ruleOf({ tenant: TENANT, category: 'XXX-01' })).toThrow('not in the catalogue');
  });
});
