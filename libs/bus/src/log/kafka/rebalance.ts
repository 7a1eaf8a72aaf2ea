const types = new Set([
  'REBALANCE_IN_PROGRESS',
  'NOT_COORDINATOR_FOR_GROUP',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
]);

/** The group changes. kafkajs knows it by the same field and joins again. */
export const isRebalance = (error: unknown): boolean =>
  types.has((error as { type?: string } | null)?.type ?? '');
