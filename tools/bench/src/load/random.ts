import { pick, type Random } from '@linli/kernel';

/** A whole number from `from` to `to`, both included. */
export const between = (random: Random, from: number, to: number): number =>
  from + Math.floor(random.next() * (to - from + 1));

/** The earlier ones more often than the later ones, as matters of a city are: of ten, the first about one time in three. */
export const often = <T>(random: Random, choices: readonly T[]): T =>
  pick({ next: () => random.next() ** 2 }, choices);
