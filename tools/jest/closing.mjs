import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projects } from './projects.mjs';

const none = { passed: 0, failed: 0, skipped: 0 };

const add = (a, b) => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});

const tallyFile = (root, project, tier) => join(root, project, '.tally', `${tier}.json`);

const tallyOf = (root, project, tier) => {
  const file = tallyFile(root, project, tier);
  return existsSync(file) ? { ...none, ...JSON.parse(readFileSync(file, 'utf8')) } : null;
};

/**
 * What all test runs below `root` came to. A tier that has spec files and left no count, or counted nothing, is a
 * failure, and so is a step that went red without a failed test; with `nothingSkipped`, a skipped real test too.
 */
export const closing = (root, { redSteps = [], nothingSkipped = false } = {}) => {
  const faults = redSteps.map((step) => `${step} is red`);
  let sum = none;
  for (const { project, tiers } of projects(root)) {
    for (const tier of tiers) {
      const tally = tallyOf(root, project, tier);
      if (!tally || tally.passed + tally.failed + tally.skipped === 0) {
        faults.push(`${project} has ${tier} specs and no test of them ran`);
      } else if (nothingSkipped && tally.skipped > 0) {
        faults.push(`${project} skipped ${tally.skipped} ${tier} tests`);
      }
      sum = add(sum, tally ?? none);
    }
  }
  const failed = sum.failed + (sum.failed === 0 ? faults.length : 0);
  const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
  return { line: `${sum.passed} passed, ${failed} failed${skipped}`, ok: failed === 0, faults };
};
