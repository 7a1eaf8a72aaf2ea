import { describe, expect, it } from '@jest/globals';
import { faultsWithout, runSeeds } from './crew.js';
import { failureLines } from './print.js';

const SEEDS = 5_000;
const WITHIN_MS = 600_000;

describe('many simulated districts', () => {
  it(
    `keep their promises under ${SEEDS} seeds, and every fault really happens`,
    async () => {
      const totals = await runSeeds({ from: 1, seeds: SEEDS });
      expect(totals.failing.flatMap(failureLines)).toEqual([]);
      expect(totals.seeds).toBe(SEEDS);
      expect(faultsWithout(totals)).toEqual([]);
    },
    WITHIN_MS,
  );
});
