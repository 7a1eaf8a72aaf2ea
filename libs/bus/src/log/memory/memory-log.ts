import type { TopicSpec } from '@linli/contracts';
import type { Clock, Random } from '@linli/kernel';
import { MAX_BATCH_RECORDS, partitionFault, refuseUnfit } from '../limits.js';
import type { Log, LogRecord, NewRecord, SetupFault, Subscriber, Subscription, Watermarks } from '../log.js';
import { PublishRefused } from '../publish-fault.js';
import { PullSubscriber, type Schedule } from '../pull-subscriber.js';
import { GroupOfMembers } from './group-of-members.js';

export interface MemoryLogOptions {
  readonly clock: Clock;
  /** For `afterMs` rests; a timer of the process when left out. */
  readonly schedule?: Schedule;
  /** Cuts the records into batches by chance, so that no consumer can rely on the cut. */
  readonly random?: Random;
}

const systemSchedule: Schedule = (ms, work) => {
  setTimeout(work, ms).unref();
};

class MemoryLog implements Log {
  readonly promises = { sharesPartitions: true, durable: false };
  private readonly topics = new Map<string, LogRecord[][]>();
  private readonly groups = new Map<string, GroupOfMembers>();
  private closed = false;

  constructor(private readonly options: MemoryLogOptions) {}

  async provision(topics: readonly TopicSpec[]): Promise<void> {
    for (const { name, partitions } of topics) {
      if (!this.topics.has(name)) {
        this.topics.set(
          name,
          Array.from({ length: partitions }, () => []),
        );
      }
    }
  }

  async check(topics: readonly TopicSpec[]): Promise<readonly SetupFault[]> {
    return topics
      .map((topic) => partitionFault(topic, this.topics.get(topic.name)?.length ?? null))
      .filter((fault) => fault !== null);
  }

  async publish(topic: TopicSpec, records: readonly NewRecord[]): Promise<void> {
    if (this.closed) throw new PublishRefused('LOG_CLOSED', 'the log is closed');
    const stored = this.topics.get(topic.name);
    if (!stored) throw new PublishRefused('LOG_TOPIC_UNKNOWN', `${topic.name} was not provisioned`);
    refuseUnfit(topic, records);
    const appendedAt = this.options.clock.now();
    for (const { partition, key, value, headers } of records) {
      const row = stored[partition];
      row?.push({ topic: topic.name, partition, offset: row.length, key, value, headers, appendedAt });
    }
    for (const group of this.groups.values()) {
      if (group.topic === topic.name) group.turn();
    }
  }

  async subscribe(subscription: Subscription): Promise<Subscriber> {
    if (this.closed) throw new Error('the log is closed');
    const { topic, group: name } = subscription;
    const stored = this.partitionsOf(topic);
    const id = JSON.stringify([name, topic.name]);
    const group = this.groups.get(id) ?? new GroupOfMembers(topic.name, stored.length);
    this.groups.set(id, group);
    const member: PullSubscriber = new PullSubscriber({
      subscription,
      source: {
        heads: () => marksOf(stored),
        read: async (wanted) => this.read(stored, wanted),
      },
      schedule: this.options.schedule ?? systemSchedule,
      onStopped: () => group.leave(member),
    });
    group.join(member);
    return member;
  }

  async watermarks(topic: TopicSpec): Promise<readonly Watermarks[]> {
    return marksOf(this.partitionsOf(topic));
  }

  async readAt(topic: TopicSpec, partition: number, offset: number): Promise<LogRecord | null> {
    return this.partitionsOf(topic)[partition]?.[offset] ?? null;
  }

  async close(): Promise<void> {
    this.closed = true;
    const members = [...this.groups.values()].flatMap((group) => group.all());
    await Promise.all(members.map((member) => member.stop()));
  }

  private partitionsOf({ name }: TopicSpec): LogRecord[][] {
    const stored = this.topics.get(name);
    if (!stored) throw new Error(`the topic ${name} was not provisioned`);
    return stored;
  }

  private read(
    stored: readonly LogRecord[][],
    wanted: ReadonlyMap<number, number>,
  ): Map<number, LogRecord[]> {
    const { random } = this.options;
    const found = new Map<number, LogRecord[]>();
    for (const [partition, from] of wanted) {
      const most = random ? 1 + Math.floor(random.next() * MAX_BATCH_RECORDS) : MAX_BATCH_RECORDS;
      found.set(partition, stored[partition]?.slice(from, from + most) ?? []);
    }
    return found;
  }
}

const marksOf = (stored: readonly LogRecord[][]): Watermarks[] =>
  stored.map(({ length }, partition) => ({ partition, low: 0, high: length }));

/** The log of the simulation: one thread, no timers of its own, the same steps in the same order every time. */
export const memoryLog = (options: MemoryLogOptions): Log => new MemoryLog(options);
