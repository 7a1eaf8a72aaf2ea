import type { Random } from '@linli/kernel';

/** Few are picked often, most seldom: the nth with a weight of n to the power of -1.1. */
export const pickZipf = <T>(random: Random, from: readonly T[]): T => {
  const weights = weightsOf(from.length);
  const total = weights.at(-1) ?? 0;
  const at = random.next() * total;
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
