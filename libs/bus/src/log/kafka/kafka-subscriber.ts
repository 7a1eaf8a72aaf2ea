import type { Consumer, Kafka } from 'kafkajs';
import type { Subscriber } from '../log.js';
import { retry } from './kafka-client.js';
import { PartitionReading, type ReadingSettings } from './partition-reading.js';
import { steer } from './steering.js';
import { watchFetches } from './watch-fetches.js';
import { within } from './within.js';

const WATCH_MS = 5_000;
/** A consumer at rest fetches four times a second; one that was silent for this long hangs. */
const SILENT_AFTER_MS = 60_000;
const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 10_000;
const LEAVE_WITHIN_MS = 10_000;

const settings = {
  allowAutoTopicCreation: false,
  // A member that froze, or whose coordinator died before it could leave, holds the group up for this long.
  sessionTimeout: 12_000,
  heartbeatInterval: 3_000,
  rebalanceTimeout: 20_000,
  metadataMaxAge: 10_000,
  // Also the time after which a resumed partition is fetched again.
  maxWaitTimeInMs: 250,
  minBytes: 1,
  maxBytes: 2_000_000,
  // As much of a stream as one transaction takes (`Stream.slice`).
  maxBytesPerPartition: 1024 * 1024,
  retry: { ...retry(5), restartOnFailure: async () => false },
};

/**
 * One member of a group, alive until it is stopped.
 *
 * kafkajs starts a crashed consumer again after some errors and after others leaves it dead in a living process; it
 * may also fall silent without a word. So its own restart is switched off, and after every crash, and after a minute
 * without a sign of life, a new consumer takes over. That costs one rebalance and needs no decision on which errors are
 * fatal; the process stays, and its other subscribers work on. Whether there is progress is seen in `positions()`.
 */
export class KafkaSubscriber implements Subscriber {
  private readonly reading: PartitionReading;
  private consumer: Consumer | null = null;
  private lastSign = performance.now();
  private pause = FIRST_PAUSE_MS;
  private revival: NodeJS.Timeout | null = null;
  private watch: NodeJS.Timeout | null = null;
  private stopping: Promise<void> | null = null;

  constructor(
    private readonly kafka: Kafka,
    private readonly readingSettings: ReadingSettings,
    private readonly onStopped: () => void,
  ) {
    this.reading = new PartitionReading(readingSettings);
  }

  async start(): Promise<void> {
    await this.open();
    this.watch = setInterval(() => this.look(), WATCH_MS).unref();
  }

  consuming(): boolean {
    return this.reading.settled;
  }

  positions(): ReturnType<Subscriber['positions']> {
    return this.reading.positions();
  }

  again(): void {
    this.reading.doubt();
  }

  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<void> {
    if (this.watch) clearInterval(this.watch);
    if (this.revival) clearTimeout(this.revival);
    await this.reading.drain();
    await this.leave();
    this.reading.end();
    this.onStopped();
  }

  private async open(): Promise<void> {
    const { subscription } = this.readingSettings;
    const consumer = this.kafka.consumer({ ...settings, groupId: subscription.group });
    this.consumer = consumer;
    this.lastSign = performance.now();
    this.listen(consumer);
    await consumer.connect();
    await consumer.subscribe({ topics: [subscription.topic.name], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: subscription.topic.partitions,
      eachBatch: async (payload) => {
        if (consumer === this.consumer) await this.reading.batch(payload);
      },
    });
  }

  private listen(consumer: Consumer): void {
    const { subscription, logger } = this.readingSettings;
    const { GROUP_JOIN, CRASH, HEARTBEAT, START_BATCH_PROCESS, END_BATCH_PROCESS } = consumer.events;
    const topic = subscription.topic.name;
    const steering = steer(consumer, topic);
    watchFetches(consumer, () => {
      if (consumer === this.consumer) this.reading.doubt();
    });
    consumer.on(GROUP_JOIN, ({ payload }) => {
      if (consumer !== this.consumer) return;
      const partitions = payload.memberAssignment[topic] ?? [];
      this.reading.joined(steering, partitions);
      this.lastSign = performance.now();
      this.pause = FIRST_PAUSE_MS;
      logger?.debug({ group: subscription.group, topic, partitions }, 'joined the group');
    });
    consumer.on(CRASH, ({ payload }) => {
      if (consumer === this.consumer) this.revive(payload.error);
    });
    const alive = (): void => {
      this.lastSign = performance.now();
    };
    consumer.on(consumer.events.FETCH, alive);
    consumer.on(HEARTBEAT, alive);
    consumer.on(START_BATCH_PROCESS, alive);
    consumer.on(END_BATCH_PROCESS, alive);
  }

  private look(): void {
    if (performance.now() - this.lastSign > SILENT_AFTER_MS && this.revival === null) {
      void this.leave();
      this.revive(new Error('the consumer gave no sign of life for a minute'));
    }
    this.reading.compare().catch((err: unknown) => {
      this.readingSettings.logger?.debug({ err }, 'the watermarks cannot be read');
    });
  }

  private revive(cause: Error): void {
    const { subscription, logger } = this.readingSettings;
    this.reading.end();
    this.consumer = null;
    if (this.stopping !== null || this.revival !== null) return;
    logger?.warn({ err: cause, group: subscription.group, inMs: this.pause }, 'the consumer is made anew');
    this.revival = setTimeout(() => {
      this.revival = null;
      this.open().catch((error: unknown) => {
        void this.leave();
        this.revive(error as Error);
      });
    }, this.pause);
    this.pause = Math.min(this.pause * 2, LAST_PAUSE_MS);
  }

  private async leave(): Promise<void> {
    const leaving = this.consumer;
    this.consumer = null;
    if (!leaving) return;
    await within(LEAVE_WITHIN_MS, 'leaving the group', leaving.disconnect()).catch((err: unknown) => {
      this.readingSettings.logger?.warn({ err }, 'the group was not left in order; it will notice by itself');
    });
  }
}
