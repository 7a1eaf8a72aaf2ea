/** What happened since the start: for metrics, and for fault suites to prove that their faults took place. */
export interface Tally {
  /** Chunks of which somebody else had done a part: another owner, or a commit whose answer was lost. */
  conflicts: number;
  /** Messages that were there before. */
  duplicates: number;
  /** Facts fetched from their producer's journal. */
  healed: number;
  /** Attempts that failed for a passing reason. */
  retries: number;
  /** Items set aside: parked, or in the dead letters. */
  setAside: number;
  /** Chunks that failed for good and were cut in halves. */
  bisections: number;
  /** Transactions begun for chunks. */
  transactions: number;
}

export const newTally = (): Tally => ({
  conflicts: 0,
  duplicates: 0,
  healed: 0,
  retries: 0,
  setAside: 0,
  bisections: 0,
  transactions: 0,
});
