const ascending = (values: readonly number[]): number[] => values.toSorted((a, b) => a - b);

/** The value below which the share `p` (0 to 1) of the values lies, by the nearest rank; NaN of nothing. */
export const percentile = (values: readonly number[], p: number): number => {
  const sorted = ascending(values);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
};

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export const median = (values: readonly number[]): number => {
  const sorted = ascending(values);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
};

/** How far the values lie apart, as a share of their median. */
export const spread = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : (Math.max(...values) - Math.min(...values)) / median(values);
