import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { isPicked, kappaOf, type Finding, type Pair } from './label-quality.js';

const pairs = (both: number, onlyFirst: number, onlySecond: number, neither: number): Pair[] => {
  const times = (n: number, first: Finding, second: Finding): Pair[] =>
    Array.from({ length: n }, () => ({ first, second }));
  return [
    ...times(both, 'confirmed', 'confirmed'),
    ...times(onlyFirst, 'confirmed', 'false'),
    ...times(onlySecond, 'false', 'confirmed'),
    ...times(neither, 'false', 'false'),
  ];
};

describe('kappa', () => {
  // The first three: worked by hand. 20, 5, 10, 15: agreement 0.7, by chance 0.5.
  it.each<[string, Pair[], number]>([
    ['of 50 warnings, 35 judged alike, half of that by chance', pairs(20, 5, 10, 15), 0.4],
    ['is 1 of judges who always agree', pairs(7, 0, 0, 3), 1],
    ['is −1 of judges who never do', pairs(0, 5, 5, 0), -1],
    ['is 0 where agreement is what chance gives', pairs(25, 25, 25, 25), 0],
  ])('%s', (_what, judged, kappa) => {
    expect(kappaOf(judged)).toBeCloseTo(kappa, 12);
  });

  it('says nothing of nothing, and of judges who only know one answer', () => {
    expect([kappaOf([]), kappaOf(pairs(12, 0, 0, 0)), kappaOf(pairs(0, 0, 0, 3))]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('is the same whoever is called the first', () => {
    const n = fc.nat({ max: 30 });
    fc.assert(
      fc.property(n, n, n, n, (a, b, c, d) => {
        const [one, other] = [kappaOf(pairs(a, b, c, d)), kappaOf(pairs(a, c, b, d))];
        expect(one === null).toBe(other === null);
        expect(one ?? 0).toBeCloseTo(other ?? 0, 12);
        expect(one ?? 0).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});

describe('the choice of warnings that are verified twice', () => {
  it('takes one in ten, by the id', () => {
    const ids = fc.sample(fc.uuid(), { numRuns: 20_000, seed: 5 });
    expect(ids.filter(isPicked).length / ids.length).toBeGreaterThan(0.08);
    expect(ids.filter(isPicked).length / ids.length).toBeLessThan(0.12);
    expect([
      isPicked('0000000a-0000-4000-8000-000000000000'),
      isPicked('0000000b-0000-4000-8000-000000000000'),
    ]).toEqual([true, false]);
  });
});
