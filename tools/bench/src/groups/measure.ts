import { setTimeout as delay } from 'node:timers/promises';
import type { RoundLength, Sample } from '../rounds.js';
import { percentile } from '../statistics.js';
import { cpuOf } from '../system/processes.js';

interface Mark {
  readonly atMs: number;
  readonly cpuUs: number;
  readonly tookMs?: readonly number[];
}

/** A source of load that counts what it brought about. */
export interface Flow<M extends Mark> {
  readonly pids: () => Record<string, number>;
  go(): void;
  mark(): Promise<M>;
  drain(): Promise<unknown>;
  /** Units done since the beginning. */
  doneIn(mark: M): number;
}

export const perUnit = (
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
  units: number,
): Record<string, number> =>
  Object.fromEntries(
    Object.entries(after).map(([name, ms]) => [name, ((ms - (before[name] ?? 0)) * 1000) / units]),
  );

/** Lets a flow run, warms up, measures a while, ends it. */
export const measured = async <M extends Mark>(flow: Flow<M>, length: RoundLength): Promise<Sample> => {
  flow.go();
  await delay(length.warmUpMs);
  const [from, cpuFrom] = [await flow.mark(), cpuOf(flow.pids())];
  await delay(length.measureMs);
  const [to, cpuTo] = [await flow.mark(), cpuOf(flow.pids())];
  await flow.drain();
  const units = flow.doneIn(to) - flow.doneIn(from);
  const took = to.tookMs ?? [];
  return {
    value: (units * 1000) / (to.atMs - from.atMs),
    cpuUs: { ...perUnit(cpuFrom, cpuTo, units), load: (to.cpuUs - from.cpuUs) / units },
    ...(took.length > 0 && { more: { p50Ms: percentile(took, 0.5), p99Ms: percentile(took, 0.99) } }),
  };
};
