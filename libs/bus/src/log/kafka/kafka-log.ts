import type { TopicSpec } from '@linli/contracts';
import type { Admin, Kafka } from 'kafkajs';
import type { Log, LogRecord, NewRecord, SetupFault, Subscriber, Subscription, Watermarks } from '../log.js';
import { type KafkaLogOptions, kafkaClient, retry } from './kafka-client.js';
import { KafkaPublisher } from './kafka-publisher.js';
import { KafkaSubscriber } from './kafka-subscriber.js';
import { checkTopics, provisionTopics } from './kafka-topics.js';
import { RecordReader } from './record-reader.js';
import { within } from './within.js';

const ASK_WITHIN_MS = 5_000;
const SET_UP_WITHIN_MS = 30_000;

class KafkaLogAdapter implements Log {
  readonly promises = { sharesPartitions: true, durable: true };
  private readonly kafka: Kafka;
  private readonly publisher: KafkaPublisher;
  private readonly reader: RecordReader;
  private readonly subscribers = new Set<KafkaSubscriber>();
  /**
   * One a topic: kafkajs goes on asking about every topic that a client was once asked about, and fails for all of them
   * when one is no more.
   */
  private readonly admins = new Map<string, Promise<Admin>>();
  private closed = false;

  constructor(private readonly options: KafkaLogOptions) {
    this.kafka = kafkaClient(options, 4);
    // Publishers want a quick verdict, not patience: their callers decide what to do.
    this.publisher = new KafkaPublisher(kafkaClient(options, 0), options.publishWithinMs);
    this.reader = new RecordReader(this.kafka);
  }

  async provision(topics: readonly TopicSpec[]): Promise<void> {
    await this.setUp('making topics', (admin) => provisionTopics(admin, topics));
  }

  async check(topics: readonly TopicSpec[]): Promise<readonly SetupFault[]> {
    return this.setUp('checking topics', (admin) => checkTopics(admin, topics));
  }

  publish(topic: TopicSpec, records: readonly NewRecord[]): Promise<void> {
    return this.publisher.publish(topic, records);
  }

  async subscribe(subscription: Subscription): Promise<Subscriber> {
    if (this.closed) throw new Error('the log is closed');
    const subscriber = new KafkaSubscriber(
      this.kafka,
      {
        subscription,
        watermarks: () => this.watermarks(subscription.topic),
        logger: this.options.logger,
      },
      () => this.subscribers.delete(subscriber),
    );
    this.subscribers.add(subscriber);
    try {
      await subscriber.start();
    } catch (error) {
      await subscriber.stop();
      throw error;
    }
    return subscriber;
  }

  async watermarks({ name }: TopicSpec): Promise<readonly Watermarks[]> {
    const admin = await this.administrator(name);
    const marks = await within(ASK_WITHIN_MS, 'reading watermarks', admin.fetchTopicOffsets(name));
    return marks.map(({ partition, low, high }) => ({ partition, low: Number(low), high: Number(high) }));
  }

  readAt(topic: TopicSpec, partition: number, offset: number): Promise<LogRecord | null> {
    return this.reader.readAt(topic, partition, offset);
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.subscribers].map((subscriber) => subscriber.stop()));
    await this.publisher.close();
    await this.reader.close();
    for (const admin of await Promise.allSettled(this.admins.values()))
      if (admin.status === 'fulfilled') await admin.value.disconnect();
  }

  private administrator(topic: string): Promise<Admin> {
    const known = this.admins.get(topic);
    if (known) return known;
    const connecting = this.connectAdmin().catch((error: unknown) => {
      this.admins.delete(topic);
      throw error;
    });
    this.admins.set(topic, connecting);
    return connecting;
  }

  private async setUp<T>(what: string, work: (admin: Admin) => Promise<T>): Promise<T> {
    const admin = await this.connectAdmin();
    try {
      return await within(SET_UP_WITHIN_MS, what, work(admin));
    } finally {
      await admin.disconnect();
    }
  }

  private async connectAdmin(): Promise<Admin> {
    const admin = this.kafka.admin({ retry: retry(4) });
    await within(ASK_WITHIN_MS, 'connecting', admin.connect());
    return admin;
  }
}

export const kafkaLog = (options: KafkaLogOptions): Log => new KafkaLogAdapter(options);
