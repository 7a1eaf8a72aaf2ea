import type { Counts } from './counts.js';

/** Numbers that say how long a run is: `wishes`, `kills`, … */
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
  /** As long as `npm run proof` runs it. */
  readonly long: S;
  /** The numbers of `long` that `--scale` multiplies. */
  readonly scales: readonly (keyof S & string)[];
  /** Rejects with `Broken` when the promise was broken, with `Void` when the fault did not take place. */
  run(options: RunOptions<S>): Promise<Counts>;
}

/** Shorter than that no pause is noticed by anybody. */
const SHORTEST_MS = 12_000;

/** At least one of everything, whatever the scale; pauses end in `Ms` and keep a least length. */
export const scaled = <S extends Shape>(
  { long, scales }: Pick<Suite<S>, 'long' | 'scales'>,
  scale: number,
): S => {
  const one = ([name, value]: [string, number]): [string, number] => {
    if (!scales.includes(name)) return [name, value];
    return [name, Math.max(name.endsWith('Ms') ? SHORTEST_MS : 1, Math.round(value * scale))];
  };
  return Object.fromEntries(Object.entries(long).map(one)) as S;
};
