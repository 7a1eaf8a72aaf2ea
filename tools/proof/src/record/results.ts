import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Counts } from '../counts.js';

/** `void`: the fault did not take place, so that nothing was shown. */
export type Verdict = 'held' | 'broken' | 'void' | 'failed';

export interface Result {
  readonly suite: string;
  /** UTC, to the second. */
  readonly date: string;
  readonly seed: number;
  readonly scale: number;
  readonly seconds: number;
  readonly verdict: Verdict;
  /** Load, faults and findings. */
  readonly counts: Counts;
  /** What was wrong. */
  readonly detail?: string;
}

export const readResults = (file: string): Result[] =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Result[]) : [];

/** Run after run adds up: nothing is ever taken out. One line a result, so that a change shows what was added. */
export const addResult = (file: string, result: Result): Result[] => {
  const all = [...readResults(file), result];
  writeFileSync(file, `[\n${all.map((one) => JSON.stringify(one)).join(',\n')}\n]\n`);
  return all;
};
