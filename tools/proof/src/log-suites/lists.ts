/** The first place where two lists differ, in words; null when they are equal. */
export const difference = <T>(what: string, expected: readonly T[], actual: readonly T[]): string | null => {
  const length = Math.max(expected.length, actual.length);
  for (let n = 0; n < length; n += 1) {
    if (expected[n] === actual[n]) continue;
    const shown = (list: readonly T[]): string => (n < list.length ? String(list[n]) : 'nothing');
    return `${what}: at ${n} ${shown(actual)} where ${shown(expected)} belongs (${actual.length} of ${expected.length})`;
  }
  return null;
};

/** Values that occur more than once, in words; null when there are none. */
export const repeated = (what: string, list: readonly string[]): string | null => {
  const seen = new Set<string>();
  const twice = list.filter((one) => seen.size === seen.add(one).size);
  return twice.length === 0 ? null : `${what}: ${twice.length} more than once, first ${twice[0]}`;
};

/** Null when the numbers are 1, 2, 3 … without a hole. */
export const notDense = (what: string, numbers: readonly number[]): string | null =>
  difference(
    what,
    numbers.map((_, n) => n + 1),
    numbers,
  );
