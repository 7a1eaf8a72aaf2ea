import type { Batch } from 'kafkajs';
import { MAX_BATCH_BYTES, MAX_BATCH_RECORDS } from '../limits.js';
import type { LogRecord } from '../log.js';
import { recordOf } from './kafka-record.js';

/** The offset a batch was asked from; kafkajs does not show it in its types. */
export const fetchedFrom = (batch: Batch): number =>
  Number((batch as Batch & { fetchedOffset: string }).fetchedOffset);

export const afterChunk = (chunk: readonly LogRecord[]): number => (chunk.at(-1)?.offset ?? -1) + 1;

/** The records of a batch in portions fit to be handed over. */
export const chunksOf = ({ topic, partition, messages }: Batch): LogRecord[][] => {
  const chunks: LogRecord[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = message.value?.length ?? 0;
    const last = chunks.at(-1);
    if (last && last.length < MAX_BATCH_RECORDS && bytes + size <= MAX_BATCH_BYTES) {
      bytes += size;
      last.push(recordOf(topic, partition, message));
    } else {
      bytes = size;
      chunks.push([recordOf(topic, partition, message)]);
    }
  }
  return chunks;
};
