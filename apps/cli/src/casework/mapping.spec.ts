import { describe, expect, it } from '@jest/globals';
import { riskCategories } from '@linli/contracts';
import { counterparts, readMapping } from './mapping.js';

const rows = readMapping();

describe('the mapping table', () => {
  it('names only categories that exist', () => {
    const codes = new Set(riskCategories.map(({ code }) => code));
    expect(rows.filter(({ category }) => !codes.has(category))).toEqual([]);
  });

  it('gives severities that the wire takes, and says why for each line', () => {
    expect(rows.filter(({ severity }) => !(severity >= 0.5 && severity <= 1.5))).toEqual([]);
    expect(rows.filter(({ note }) => note.trim() === '')).toEqual([]);
  });

  it('maps each kind of casework once', () => {
    const kinds = rows.map((row) => `${row.complaint_type}|${row.descriptor}`);
    expect(new Set(kinds).size).toBe(kinds.length);
  });

  it.each([
    ['Housing and Buildings', 'Heat/Hot Water', 'INF-04'],
    ['Housing and Buildings', 'LANDLORD/TENANT', 'DSP-07'],
    ['Housing and Buildings', 'Building Maintenance', 'DSP-04'],
    ['Housing and Buildings', 'Eviction', 'DSP-07'],
    ['Health', 'Rats/Rodents', 'HLT-03'],
    ['Quality of Life', 'Noise - Construction', 'ENV-01'],
    ['Quality of Life', 'Noise - Residential', 'DSP-03'],
    ['Sanitation', 'Illegal Dumping', 'ENV-03'],
    ['Environment', 'FLOODING', 'NAT-01'],
    ['Environment', 'Gas Leak', 'INF-01'],
  ])('%s, %s is %s', (type, descriptor, category) => {
    expect(counterparts(rows)(type, descriptor)?.category).toBe(category);
  });

  it.each([
    ['General Welfare', 'Food Stamps'],
    ['Parks', 'Dead Tree Removal'],
    ['Housing and Buildings', ''],
    ['Immigration', 'U.S. Citizenship'],
  ])('leaves %s, %s without a counterpart', (type, descriptor) => {
    expect(counterparts(rows)(type, descriptor)).toBeUndefined();
  });

  it('prefers the line of a descriptor to the line of its type', () => {
    const line = { complaint_type: 'Noise', severity: 1, note: 'x' };
    const find = counterparts([
      { ...line, descriptor: '*', category: 'ENV-01' },
      { ...line, descriptor: 'Residential', category: 'DSP-03' },
    ]);
    expect([find('Noise', 'Residential')?.category, find('Noise', 'Bar')?.category]).toEqual([
      'DSP-03',
      'ENV-01',
    ]);
  });
});
