import type { Consumer } from 'kafkajs';

/**
 * kafkajs keeps to itself that a fetch failed and reads on at the same offset. The topic may have been away for that
 * moment and be another one now: whoever reads has to look again. A fetch that begins before the last one of its node
 * ended shows it; the listener runs before kafkajs decides what to ask for.
 */
export const watchFetches = (consumer: Pick<Consumer, 'on' | 'events'>, onFailed: () => void): void => {
  const { FETCH_START, FETCH, GROUP_JOIN } = consumer.events;
  const begun = new Set<number>();
  consumer.on(GROUP_JOIN, () => begun.clear());
  consumer.on(FETCH, ({ payload }) => begun.delete(payload.nodeId));
  consumer.on(FETCH_START, ({ payload }) => {
    if (begun.has(payload.nodeId)) onFailed();
    begun.add(payload.nodeId);
  });
};
