import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { allFaults, noFaults, type FaultCounts } from './faults.js';
import type { Report } from './run.js';

/** What many seeds came to. */
export interface Totals {
  seeds: number;
  commands: number;
  simulatedMs: number;
  readonly faults: FaultCounts;
  readonly failing: Report[];
}

export interface Seeds {
  readonly from: number;
  readonly seeds: number;
  /** Ends at the first that fails. */
  readonly firstOnly?: boolean;
  readonly onReport?: (totals: Totals) => void;
}

const add = (totals: Totals, report: Report): void => {
  totals.seeds += 1;
  totals.commands += report.commands;
  totals.simulatedMs += report.simulatedMs;
  for (const fault of allFaults) totals.faults[fault] += report.faults[fault];
  if (report.violations.length > 0) totals.failing.push(report);
};

const work = (first: number, step: number, { from, seeds, firstOnly, onReport }: Seeds, totals: Totals) =>
  new Promise<void>((resolve, reject) => {
    const workerData = { first: from + first, end: from + seeds, step };
    const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData });
    worker.on('message', (report: Report) => {
      add(totals, report);
      onReport?.(totals);
      if (firstOnly && totals.failing.length > 0) void worker.terminate();
    });
    worker.on('error', reject);
    worker.on('exit', () => resolve());
  });

/** Runs seeds on all cores; each seed is by itself, so the order of the reports does not matter. */
export const runSeeds = async (seeds: Seeds): Promise<Totals> => {
  const totals: Totals = { seeds: 0, commands: 0, simulatedMs: 0, faults: noFaults(), failing: [] };
  const step = Math.min(availableParallelism(), seeds.seeds);
  await Promise.all(Array.from({ length: step }, (_, first) => work(first, step, seeds, totals)));
  totals.failing.sort((a, b) => a.seed - b.seed);
  return totals;
};

/** Faults that did not happen once: what they would have shown has not been tried. */
export const faultsWithout = (totals: Totals): readonly string[] =>
  allFaults.filter((fault) => totals.faults[fault] === 0);
