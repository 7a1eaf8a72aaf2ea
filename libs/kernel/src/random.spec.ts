import { describe, expect, it } from '@jest/globals';
import { pick, seededRandom } from './random.js';

const first = (seed: number): number[] => {
  const random = seededRandom(seed);
  return [random.next(), random.next(), random.next()];
};

describe('seeded chance', () => {
  it('is the same for the same seed, for ever, and another for another', () => {
    expect(first(1)).toEqual([0.6270739405881613, 0.002735721180215478, 0.5274470399599522]);
    expect(first(2)).not.toEqual(first(1));
  });
});

describe('a pick', () => {
  it('falls on each of them', () => {
    const random = seededRandom(5);
    const picked = Array.from({ length: 100 }, () => pick(random, ['a', 'b', 'c']));
    expect(new Set(picked)).toEqual(new Set(['a', 'b', 'c']));
  });

  it('needs something to pick from', () => {
    expect(() => pick(seededRandom(5), [])).toThrow('nothing to pick from');
  });
});
