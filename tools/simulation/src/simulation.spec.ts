import { describe, expect, it } from '@jest/globals';
import { regressions } from './regressions.js';
import { run } from './run.js';

describe('a simulated district', () => {
  it('is the same for the same seed, to the last step', async () => {
    const first = await run(7, true);
    const second = await run(7, true);
    expect(second.trace).toEqual(first.trace);
    expect(second).toEqual(first);
    expect((await run(8)).hash).not.toBe(first.hash);
  });

  it.each(regressions)('keeps its promises under seed $seed, where once $found', async ({ seed }) => {
    expect((await run(seed)).violations).toEqual([]);
  });
});
