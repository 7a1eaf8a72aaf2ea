import type { TopicSpec } from '@linli/contracts';
import kafkajs, { type Cluster, type Kafka, type KafkaMessage } from 'kafkajs';
import type { LogRecord } from '../log.js';
import { rootFailure } from './send-verdict.js';
import { recordOf } from './kafka-record.js';
import { retry } from './kafka-client.js';
import { within } from './within.js';

const READ_WITHIN_MS = 5_000;
const MAX_BYTES = 2_000_000;

interface Fetched {
  readonly responses: readonly {
    readonly partitions: readonly { readonly messages: readonly KafkaMessage[] }[];
  }[];
}

/** kafkajs shows its cluster to partition assigners only; a consumer made, and never connected, hands it out. */
const clusterOf = (kafka: Kafka): Cluster => {
  let found: Cluster | undefined;
  kafka.consumer({
    groupId: 'linli.record-reader',
    allowAutoTopicCreation: false,
    metadataMaxAge: 10_000,
    retry: retry(2),
    partitionAssigners: [
      (config) => {
        found = config.cluster;
        return kafkajs.PartitionAssigners.roundRobin(config);
      },
    ],
  });
  if (!found) throw new Error('this version of kafkajs does not show its cluster to assigners');
  return found;
};

/**
 * Reads single records with a plain fetch from their leader: no group, no assignment, no committed offset. One after
 * another, because two first fetches at once make kafkajs open two connections and forget to close one.
 */
export class RecordReader {
  private readonly cluster: Cluster;
  private last: Promise<unknown> = Promise.resolve();

  constructor(kafka: Kafka) {
    this.cluster = clusterOf(kafka);
  }

  async readAt({ name }: TopicSpec, partition: number, offset: number): Promise<LogRecord | null> {
    const fetched = this.last.then(() =>
      within(READ_WITHIN_MS, 'reading a record', this.fetch(name, partition, offset)),
    );
    this.last = fetched.catch(() => undefined);
    const messages = await fetched;
    const found = messages.find((message) => message.offset === String(offset));
    return found ? recordOf(name, partition, found) : null;
  }

  async close(): Promise<void> {
    await this.cluster.disconnect();
  }

  private async fetch(topic: string, partition: number, offset: number): Promise<readonly KafkaMessage[]> {
    try {
      return await this.fetchFromLeader(topic, partition, offset);
    } catch (error) {
      if (rootFailure(error).type === 'OFFSET_OUT_OF_RANGE') return [];
      // The leader may have changed since it was looked up: once more with fresh metadata.
      await this.cluster.connect();
      await this.cluster.refreshMetadata();
      return this.fetchFromLeader(topic, partition, offset);
    }
  }

  private async fetchFromLeader(
    topic: string,
    partition: number,
    offset: number,
  ): Promise<readonly KafkaMessage[]> {
    await this.cluster.connect();
    await this.cluster.addTargetTopic(topic);
    await this.cluster.refreshMetadataIfNecessary();
    const [nodeId] = Object.keys(this.cluster.findLeaderForPartitions(topic, [partition]));
    if (nodeId === undefined) throw new Error(`${topic}/${partition} has no leader`);
    const broker = await this.cluster.findBroker({ nodeId });
    const { responses } = (await broker.fetch({
      replicaId: -1,
      isolationLevel: 1,
      maxWaitTime: 0,
      minBytes: 0,
      maxBytes: MAX_BYTES,
      topics: [{ topic, partitions: [{ partition, fetchOffset: String(offset), maxBytes: MAX_BYTES }] }],
      rackId: '',
    })) as Fetched;
    return responses.flatMap(({ partitions }) => partitions.flatMap(({ messages }) => messages));
  }
}
