import type { SlaQueue } from '@linli/contracts';
import type { PauseCount, QueueCount, QueueName, SlaFilter, SlaReads } from '../store/sla-reads.js';

/** What one service says of its queues. */
export interface QueuesSeen {
  readonly at: string;
  readonly items: readonly Omit<SlaQueue, 'service'>[];
}

const MOST_REASONS = 10;

const isOf =
  (queue: QueueName) =>
  ({ clock, unit }: QueueName): boolean =>
    clock === queue.clock && unit === queue.unit;

const textOf = (instant: number): string => new Date(instant).toISOString();

const viewOf = (
  { clock, unit, bands, provisional, unescalated, oldest, firstDue }: QueueCount,
  pauses: readonly PauseCount[],
): QueuesSeen['items'][number] => ({
  ...{ clock, unit, total: Object.values(bands).reduce((sum, count) => sum + count, 0), bands },
  suspended: {
    total: pauses.reduce((sum, { count }) => sum + count, 0),
    reasons: pauses.slice(0, MOST_REASONS).map(({ reason, count }) => ({ reason, count })),
  },
  ...{ provisional, unescalated, oldest: textOf(oldest) },
  firstDue: firstDue === null ? null : textOf(firstDue),
});

/** Open deadlines by queue and by how much of their budget is left. */
export const queuesSeen = async <Tx>(reads: SlaReads<Tx>, tx: Tx, filter: SlaFilter): Promise<QueuesSeen> => {
  const now = await reads.at(tx);
  const queues = await reads.queues(tx, filter, now);
  const pauses = await reads.pauses(tx, filter, now);
  return { at: textOf(now), items: queues.map((one) => viewOf(one, pauses.filter(isOf(one)))) };
};
