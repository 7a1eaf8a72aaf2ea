import type { Counts } from '../counts.js';

/** Numbers that say how long a run is: `commands`, `kills`, … */
export type Shape = Readonly<Record<string, number>>;

export interface RunOptions<S extends Shape = Shape> {
  readonly seed: number;
  readonly shape: S;
}

/** One promise, attacked. */
export interface Suite<S extends Shape = Shape> {
  readonly id: string;
  readonly promise: string;
  readonly attack: string;
  /** As long as `npm run proof` runs it, at scale 1. */
  readonly long: S;
  /** Rejects with `Broken` when the promise was broken, with `Void` when the fault did not take place. */
  run(options: RunOptions<S>): Promise<Counts>;
}
