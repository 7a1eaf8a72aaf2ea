/** What a run did, in numbers: loads, faults and findings by name. */
export type Counts = Readonly<Record<string, number>>;

/** Sums of counts by name. */
export const counted = (...parts: readonly Counts[]): Counts => {
  const sum: Record<string, number> = {};
  for (const part of parts)
    for (const [name, count] of Object.entries(part)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
};
