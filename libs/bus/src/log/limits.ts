import type { TopicSpec } from '@linli/contracts';
import { DAY } from '@linli/kernel';
import type { NewRecord, SetupFault } from './log.js';
import { PublishRefused } from './publish-fault.js';

/** What a topic takes in one record batch; `max.message.bytes` in Kafka, and the same in every other adapter. */
export const MAX_MESSAGE_BYTES = 1_000_000;
/** The largest record: leaves room for the framing below `MAX_MESSAGE_BYTES`. */
export const MAX_RECORD_BYTES = 900_000;
export const MAX_BATCH_RECORDS = 200;
export const MAX_BATCH_BYTES = 2_000_000;

const HOLDS: Readonly<Record<TopicSpec['holds'], number>> = {
  commands: 14 * DAY,
  intake: 14 * DAY,
  facts: 7 * DAY,
};

/** How long a topic keeps its records, in milliseconds. */
export const retentionOf = (topic: Pick<TopicSpec, 'holds'>): number => HOLDS[topic.holds];

/** Rough size of a record in the log, in bytes. */
export const sizeOf = ({ key, value, headers }: NewRecord): number => {
  let size = 64 + (key === null ? 0 : Buffer.byteLength(key)) + (value?.length ?? 0);
  for (const [name, text] of Object.entries(headers)) {
    size += 8 + Buffer.byteLength(name) + Buffer.byteLength(text);
  }
  return size;
};

/** Refuses, before anything is sent, what no adapter would take. */
export const refuseUnfit = (topic: TopicSpec, records: readonly NewRecord[]): void => {
  for (const record of records) {
    const { partition } = record;
    if (!Number.isInteger(partition) || partition < 0 || partition >= topic.partitions) {
      throw new PublishRefused(
        'LOG_NO_SUCH_PARTITION',
        `${topic.name} has partitions 0..${topic.partitions - 1}, not ${partition}`,
      );
    }
    if (sizeOf(record) > MAX_RECORD_BYTES) {
      throw new PublishRefused(
        'LOG_RECORD_TOO_LARGE',
        `a record of ${sizeOf(record)} bytes for ${topic.name}; the limit is ${MAX_RECORD_BYTES}`,
      );
    }
  }
};

/** A missing topic, or one whose partition count is not the frozen one. */
export const partitionFault = (topic: TopicSpec, found: number | null): SetupFault | null => {
  if (found === topic.partitions) return null;
  return found === null
    ? { topic: topic.name, fault: 'the topic is missing', mend: 'provision it before the services start' }
    : {
        topic: topic.name,
        fault: `${found} partitions where the frozen count is ${topic.partitions}: keys would change partition and lose their order`,
        mend: `make a new topic version with ${topic.partitions} partitions; a count is never changed in place`,
      };
};
