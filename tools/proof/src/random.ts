/** Numbers in [0, 1) that a seed determines. */
export type Random = () => number;

/** Mulberry32: small, fast, good enough to choose what a load does next. */
export const seeded = (seed: number): Random => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

export const pick = <T>(random: Random, from: readonly T[]): T => {
  const one = from[Math.floor(random() * from.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
};

/** Few are picked often, most seldom: the nth with a weight of n to the power of -1.1. */
export const pickZipf = <T>(random: Random, from: readonly T[]): T => {
  const weights = weightsOf(from.length);
  const total = weights.at(-1) ?? 0;
  const at = random() * total;
  const index = weights.findIndex((sum) => sum > at);
  const one = from[index];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
};

const EXPONENT = 1.1;
let known: readonly number[] = [];

/** Running sums of the weights; kept for the length that was asked for last. */
const weightsOf = (length: number): readonly number[] => {
  if (known.length === length) return known;
  let sum = 0;
  known = Array.from({ length }, (_, index) => (sum += (index + 1) ** -EXPONENT));
  return known;
};
