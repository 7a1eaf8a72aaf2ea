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
  private admin: Promise<Admin> | null = null;
  private closed = false;

  constructor(private readonly options: KafkaLogOptions) {
    this.kafka = kafkaClient(options, 4);
    // Publishers want a quick verdict, not patience: their callers decide what to do.
    this.publisher = new KafkaPublisher(kafkaClient(options, 0), options.publishWithinMs);
    this.reader = new RecordReader(this.kafka);
  }

  async provision(topics: readonly TopicSpec[]): Promise<void> {
    await within(SET_UP_WITHIN_MS, 'making topics', provisionTopics(await this.administrator(), topics));
  }

  async check(topics: readonly TopicSpec[]): Promise<readonly SetupFault[]> {
    return within(SET_UP_WITHIN_MS, 'checking topics', checkTopics(await this.administrator(), topics));
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
    const admin = await this.administrator();
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
    const admin = await this.admin?.catch(() => null);
    await admin?.disconnect();
  }

  private administrator(): Promise<Admin> {
    this.admin ??= this.connectAdmin();
    return this.admin;
  }

  private async connectAdmin(): Promise<Admin> {
    const admin = this.kafka.admin({ retry: retry(4) });
    try {
      await within(ASK_WITHIN_MS, 'connecting', admin.connect());
      return admin;
    } catch (error) {
      this.admin = null;
      throw error;
    }
  }
}

export const kafkaLog = (options: KafkaLogOptions): Log => new KafkaLogAdapter(options);
