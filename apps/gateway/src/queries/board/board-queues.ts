import { Redis } from 'ioredis';
import type { Queue } from 'bullmq';

/** Queues of BullMQ that are only looked at: nobody works on them here. */
export interface BoardQueues {
  readonly queues: readonly Queue[];
  readonly close: () => Promise<void>;
}

const WITHIN_MS = 2_000;

/** A dead Redis is an answer within two seconds, and is found again by itself. The library is loaded only here. */
export const openBoardQueues = async (
  redisUrl: string,
  names: readonly string[],
  onTrouble: (error: unknown) => void,
): Promise<BoardQueues> => {
  const bullmq = await import('bullmq');
  let open = true;
  const connection = new Redis(redisUrl, {
    ...{ connectTimeout: WITHIN_MS, commandTimeout: WITHIN_MS, maxRetriesPerRequest: 1 },
    retryStrategy: (attempt) => (open ? Math.min(50 * 2 ** Math.min(attempt, 6), WITHIN_MS) : null),
  });
  connection.on('error', onTrouble);
  const queues = names.map((name) => {
    const queue = new bullmq.Queue(name, { connection, skipMetasUpdate: true });
    queue.on('error', onTrouble);
    return queue;
  });
  return {
    queues,
    async close() {
      open = false;
      await Promise.allSettled(queues.map((queue) => queue.close()));
      connection.disconnect();
    },
  };
};
