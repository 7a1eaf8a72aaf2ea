import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@linli/kernel';
import { pickZipf } from './random.js';

describe('the choices of a load', () => {
  it('fall on few things often and on most seldom', () => {
    const random = seededRandom(5);
    const counts = new Map<number, number>();
    const all = Array.from({ length: 100 }, (_, n) => n);
    for (let n = 0; n < 10_000; n += 1) {
      const one = pickZipf(random, all);
      counts.set(one, (counts.get(one) ?? 0) + 1);
    }
    expect(counts.get(0) ?? 0).toBeGreaterThan(1500);
    expect(counts.get(99) ?? 0).toBeLessThan(100);
    expect(counts.size).toBeGreaterThan(90);
  });
});
