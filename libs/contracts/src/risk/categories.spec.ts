import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { findCategory, riskCategories, riskGroups } from './categories.js';

const csv = readFileSync(new URL('../../data/risk_catalogue.csv', import.meta.url), 'utf8');
const [header = '', ...lines] = csv.trim().split(/\r?\n/u);
const names = header.split(',');
const rows = lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])));

const count = <T>(of: (category: (typeof riskCategories)[number]) => T, wanted: T): number =>
  riskCategories.filter((category) => of(category) === wanted).length;

describe('the catalogue', () => {
  it('has the same 98 rows as the published table, in its order', () => {
    expect(
      riskCategories.map((category, i) => ({
        no: String(i + 1),
        code: category.code,
        slug: category.slug,
        name_zh: category.name,
        group: category.group,
        weight: String(category.weight),
        traditional: String(category.traditional),
        single_confirmed_floor: category.floor ?? '',
        emergency_class: category.emergencyClass ?? '',
        lead_department: category.lead,
        sensitive: String(category.sensitive),
      })),
    ).toEqual(rows);
    expect(riskCategories).toHaveLength(98);
  });

  it('adds up to the totals of the domain notes', () => {
    expect(count(({ traditional }) => traditional, true)).toBe(76);
    expect(count(({ traditional }) => traditional, false)).toBe(22);
    expect([5, 4, 3, 2].map((weight) => count((category) => category.weight, weight))).toEqual([
      21, 31, 34, 12,
    ]);
    expect((['red', 'orange', 'yellow', null] as const).map((floor) => count((c) => c.floor, floor))).toEqual(
      [5, 24, 46, 23],
    );
    expect(count(({ sensitive }) => sensitive, true)).toBe(20);
  });

  it('has twelve groups, with the decay of the notes where they name one', () => {
    expect(Object.keys(riskGroups)).toHaveLength(12);
    expect(riskGroups.DSP.decayDays).toBe(7);
    expect([riskGroups.FRD, riskGroups.SEC, riskGroups.FIR].map(({ decayDays }) => decayDays)).toEqual([
      3, 3, 3,
    ]);
    expect([riskGroups.INF, riskGroups.NAT].map(({ decayDays }) => decayDays)).toEqual([1, 1]);
  });

  it('is found by code and by slug, and by nothing else', () => {
    expect(findCategory('DSP-04')?.slug).toBe('dsp.property_service');
    expect(findCategory('dsp.property_service')?.code).toBe('DSP-04');
    expect(findCategory('dsp-04')).toBeUndefined();
    expect(findCategory('constructor')).toBeUndefined();
  });
});
