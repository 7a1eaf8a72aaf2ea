/** What was found on site: is there something, or nothing. */
export type Finding = 'confirmed' | 'false';

/** The same warning, verified by two officers who do not know of each other. */
export interface Pair {
  readonly first: Finding;
  readonly second: Finding;
}

const ONE_IN = 10;

/** One warning in ten is verified twice (domain notes 3.9): which ones, nobody can foresee or choose. */
export const isPicked = (warningId: string): boolean =>
  Number.parseInt(warningId.slice(0, 8), 16) % ONE_IN === 0;

export const agree = ({ first, second }: Pair): boolean => first === second;

/**
 * Cohen's kappa (J. Cohen, “A coefficient of agreement for nominal scales”, Educational and Psychological Measurement 20,
 * 1960): how far two judges agree beyond what chance alone lets expect, at most 1. Null where chance lets expect nothing
 * but agreement: both always said the same one thing.
 */
export const kappaOf = (pairs: readonly Pair[]): number | null => {
  const share = (isSo: (pair: Pair) => boolean): number => pairs.filter(isSo).length / pairs.length;
  const first = share((pair) => pair.first === 'confirmed');
  const second = share((pair) => pair.second === 'confirmed');
  const expected = first * second + (1 - first) * (1 - second);
  return pairs.length === 0 || expected === 1 ? null : (share(agree) - expected) / (1 - expected);
};
