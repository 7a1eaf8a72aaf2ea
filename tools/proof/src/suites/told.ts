import type { Counts } from '../counts.js';

/** A line for whoever reads the output of the tests: what this run was made of. */
export const told = (suite: string, counts: Counts): Counts => {
  process.stdout.write(`${suite} ${JSON.stringify(counts)}\n`);
  return counts;
};
