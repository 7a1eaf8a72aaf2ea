import { median } from '../statistics.js';
import type { Measured } from '../rounds.js';

/** A promise about one figure, alone or beside that of another row; without a bound, a ratio that is told. */
export interface Target {
  readonly row: string;
  /** The row it is divided by; absent: the figure itself. */
  readonly by?: string;
  /** Which figure of the samples; absent: their value. */
  readonly figure?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly says: string;
}

export const targets: readonly Target[] = [
  { row: 'a', by: 'c', atLeast: 1.5, says: 'gateway against a bare kafkajs producer' },
  { row: 'b', by: 'e', atLeast: 0.5, says: 'end to end against COPY' },
  { row: 'b', by: 'f', atLeast: 10, says: 'end to end against the documented Nest way' },
  { row: 'b+', by: 'e', atLeast: 0.5, says: 'end to end with warnings against COPY' },
  { row: 'b+', by: 'f', atLeast: 10, says: 'end to end with warnings against the documented Nest way' },
  { row: 'b1m', by: 'b0', atLeast: 0.9, says: 'end to end with 1,000,000 stored against none' },
  // One person alone waits for each answer: throughput is 1 / p50 then, and p50 has a target of its own.
  ...[16, 64].map((n): Target => ({
    row: `g-ours-${n}`,
    by: `g-${n}`,
    atLeast: 1.5,
    says: `commands, ${n} at once: throughput`,
  })),
  ...[1, 16, 64].map((n): Target => ({
    row: `g-ours-${n}`,
    by: `g-${n}`,
    figure: 'p50Ms',
    atMost: 3,
    says: `commands, ${n} at once: p50`,
  })),
  { row: 'visible', figure: 'p99Ms', atMost: 250, says: 'POST to visible warning at half load, p99 ms' },
  { row: 'ready', atMost: 10, says: 'first start to ready, s' },
  { row: 'idle', atMost: 2, says: 'idle CPU of the embedded system, % of a core' },
  { row: 'memory', atMost: 500, says: 'memory of all-in-one with database, MB' },
  { row: 'd1', by: 'd1-sql', says: 'arming against INSERT … SELECT of such rows' },
  { row: 'd2', by: 'd2-sql', says: 'a sweep at rest against the bare select' },
  { row: 'd3', by: 'd3-sql', says: 'many due together against a bare UPDATE and INSERT' },
  { row: 'd4', by: 'd4-sql', figure: 'p50Ms', says: 'explanation against the bare select: p50' },
  { row: 'd4', by: 'd4-sql', figure: 'p99Ms', says: 'explanation against the bare select: p99' },
];

export interface Verdict extends Target {
  readonly value: number;
  /** Null: nothing was promised. */
  readonly met: boolean | null;
}

/** The median of one figure of a row's samples. */
export const figureOf = (row: Measured, figure?: string): number =>
  median(
    row.samples.map(({ value, more }) => (figure === undefined ? value : (more?.[figure] ?? Number.NaN))),
  );

/** Verdicts on the targets whose rows were measured. */
export const judge = (rows: readonly Measured[], all: readonly Target[] = targets): Verdict[] =>
  all.flatMap((target) => {
    const row = rows.find(({ id }) => id === target.row);
    const other = target.by === undefined ? null : rows.find(({ id }) => id === target.by);
    if (!row || other === undefined) return [];
    const value = figureOf(row, target.figure) / (other ? figureOf(other, target.figure) : 1);
    const { atLeast, atMost } = target;
    const met =
      atLeast === undefined && atMost === undefined
        ? null
        : value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity);
    return [{ ...target, value, met }];
  });
