import { setTimeout as delay } from 'node:timers/promises';
import type { TopicSpec } from '@linli/contracts';
import type { Kafka, Message, Producer } from 'kafkajs';
import type { NewRecord } from '../log.js';
import { type PublishRefusal, PublishRefused, PublishUnknown } from '../publish-fault.js';
import { type LaneItem, PublishLanes } from '../publish-lanes.js';
import { rootFailure, sendVerdict } from './send-verdict.js';

/** Few enough to gather batches, many enough not to wait for one slow leader. */
const LANES_OF_A_TOPIC = 4;
/** After this no further attempt: the callers are to hear the verdict, not their own deadline. */
const TRY_WITHIN_MS = 1_500;
const FIRST_PAUSE_MS = 50;

/**
 * Sends to Kafka with one request in flight per lane.
 *
 * Not idempotent, and on purpose: kafkajs sets the sequence back after a send that failed for good, so the next batch
 * of the same size carries numbers that the broker may have seen, is taken for a duplicate, acknowledged and thrown
 * away. A loss is worse than the duplicate of a retry, which every consumer drops (command id, dense seq).
 */
export class KafkaPublisher {
  private readonly producer: Producer;
  private readonly lanes: PublishLanes;
  private connected: Promise<void> | null = null;

  constructor(kafka: Kafka, withinMs = 3_000) {
    this.producer = kafka.producer({
      // Partitions are explicit in every record; the broker's own count decides nothing.
      createPartitioner:
        () =>
        ({ message }) =>
          message.partition ?? -1,
      allowAutoTopicCreation: false,
      idempotent: false,
      metadataMaxAge: 5_000,
      // Attempts are ours: kafkajs' own would hide whether an earlier one may have been written.
      retry: { retries: 0 },
    });
    this.lanes = new PublishLanes({
      laneOf: ({ name }, partition) => `${name} ${partition % LANES_OF_A_TOPIC}`,
      send: (batch) => this.send(batch),
      maxBatchRecords: 500,
      maxBatchBytes: 900_000,
      deadlineMs: withinMs,
      maxWaitingBytes: 32_000_000,
    });
  }

  publish(topic: TopicSpec, records: readonly NewRecord[]): Promise<void> {
    return this.lanes.publish(topic, records);
  }

  async close(): Promise<void> {
    await this.lanes.close();
    await this.producer.disconnect();
  }

  private async send(batch: readonly LaneItem[]): Promise<void> {
    const topic = batch[0]?.topic.name ?? '';
    const messages = batch.map(({ record }) => messageOf(record));
    const onePartition = batch.every(({ record }) => record.partition === batch[0]?.record.partition);
    const end = performance.now() + TRY_WITHIN_MS;
    let inDoubt = false;
    for (let pause = FIRST_PAUSE_MS; ; pause *= 2) {
      try {
        await this.connect();
        await this.producer.send({ topic, messages, acks: -1, timeout: 3_000 });
        return;
      } catch (error) {
        const verdict = sendVerdict(error, onePartition);
        inDoubt ||= verdict === 'unknown';
        if (verdict === 'refused' || performance.now() + pause > end) throw publishFault(error, inDoubt);
        await delay(pause);
      }
    }
  }

  private connect(): Promise<void> {
    this.connected ??= this.producer.connect().catch((error: unknown) => {
      this.connected = null;
      throw error;
    });
    return this.connected;
  }
}

const messageOf = ({ partition, key, value, headers }: NewRecord): Message => ({
  partition,
  key,
  value,
  headers: { ...headers },
});

const publishFault = (error: unknown, inDoubt: boolean): Error => {
  const { message = String(error), type = '' } = rootFailure(error);
  if (inDoubt) return new PublishUnknown(message, { cause: error });
  return new PublishRefused(refusalOf(type), message, { cause: error });
};

const refusalOf = (type: string): PublishRefusal => {
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION') return 'LOG_TOPIC_UNKNOWN';
  if (type === 'MESSAGE_TOO_LARGE') return 'LOG_RECORD_TOO_LARGE';
  return type.endsWith('_FAILED') || type.startsWith('INVALID_') ? 'LOG_REJECTED' : 'LOG_UNAVAILABLE';
};
