import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { command, type Ended } from './command.js';
import type { Check } from './mutant.js';

const CHECK_WITHIN_MS = 400_000;

/** What went red, in words; null when all stayed green. */
export type Caught = string | null;

export const nameOf = (check: Check): string =>
  'seeds' in check ? `simulation, ${check.seeds} seeds` : `${check.project} ${check.tier} ${check.specs}`;

const simulated = (folder: string, seeds: number): Promise<Ended> =>
  command(
    [process.execPath, 'tools/simulation/dist/main.js', '--seeds', String(seeds), '--first'],
    folder,
    CHECK_WITHIN_MS,
  );

const firstSeed = (output: string): string => {
  const found = /✗ seed (\d+) .*\n\s+(.*)/u.exec(output);
  return found ? `seed ${found[1]}: ${found[2]}` : `simulation: ${output.trim().split('\n').at(-1)}`;
};

interface Results {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

const specs = async (folder: string, check: Exclude<Check, { seeds: number }>): Promise<Caught> => {
  const report = join(folder, 'report.json');
  rmSync(report, { force: true });
  const jest = [
    ...[process.execPath, '--experimental-vm-modules', '--no-warnings=ExperimentalWarning'],
    ...[join(folder, 'node_modules/jest/bin/jest.js'), '--rootDir', '.', '--config'],
    ...[`../../jest.${check.tier}.mjs`, '--forceExit', '--json', '--outputFile', report, check.specs],
  ];
  const words = check.onStack
    ? [process.execPath, join(folder, 'tools/stack/dist/with-stack.js'), ...jest]
    : jest;
  const { code, output } = await command(words, join(folder, check.project), CHECK_WITHIN_MS);
  if (code === null) return `${check.specs}: does not end`;
  if (!existsSync(report)) throw new Error(`${nameOf(check)} did not run:\n${output}`);
  const { numTotalTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as Results;
  if (numTotalTests === 0) throw new Error(`${nameOf(check)}: no test of it ran:\n${output}`);
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === 'failed');
  if (failed) return `“${failed.fullName}”`;
  if (code !== 0) throw new Error(`${nameOf(check)} failed without a failed test:\n${output}`);
  return null;
};

/** Runs one check in a copy of the tree. */
export const caughtBy = async (folder: string, check: Check): Promise<Caught> => {
  if (!('seeds' in check)) return specs(folder, check);
  const { code, output } = await simulated(folder, check.seeds);
  if (code === 0) return null;
  return code === null ? 'simulation: does not end' : firstSeed(output);
};
