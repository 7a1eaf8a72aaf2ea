import {
  PublishRefused,
  PublishUnknown,
  PullSubscriber,
  type Log,
  type LogRecord,
  type NewRecord,
  type Subscriber,
  type Subscription,
} from '@linli/bus';
import type { TopicSpec } from '@linli/contracts';
import type { Broker, Member } from './broker.js';
import { unreachable, type Machine } from './machine.js';

const MOST_RECORDS = 8;

/** The log as one process reaches it. */
export class SimLog implements Log {
  readonly promises = { sharesPartitions: true, durable: true };

  constructor(
    private readonly machine: Machine,
    private readonly broker: Broker,
  ) {}

  provision(topics: readonly TopicSpec[]): Promise<void> {
    return this.machine.call('provisions', async () => this.broker.provision(topics));
  }

  async check(): Promise<readonly []> {
    return [];
  }

  publish(topic: TopicSpec, records: readonly NewRecord[]): Promise<void> {
    const { machine, broker } = this;
    const { faults, chance } = machine.world;
    const append = (): void => broker.append(topic.name, records);
    return machine.call(`publishes ${records.length} on ${topic.name}`, async () => {
      if (faults.strikes('publish refused')) throw new PublishRefused('LOG_UNAVAILABLE', 'simulated');
      if (faults.strikes('publish unknown, undone')) throw new PublishUnknown('simulated, lost');
      if (faults.strikes('publish late')) {
        machine.world.after(chance.between(1, 3_000), append);
        throw new PublishUnknown('simulated, still on its way');
      }
      append();
      if (faults.strikes('publish doubled')) append();
      if (faults.strikes('publish unknown, done')) throw new PublishUnknown('simulated, answer lost');
    });
  }

  async subscribe(subscription: Subscription): Promise<Subscriber> {
    const { machine, broker } = this;
    const topic = subscription.topic.name;
    const member: Member = {
      machine,
      gone: false,
      assign: (partitions) => subscriber.assign(partitions),
      turn: () => subscriber.turn(),
    };
    const subscriber: PullSubscriber = new PullSubscriber({
      subscription,
      source: { heads: () => broker.marks(topic), read: (wanted) => this.fetch(topic, wanted) },
      schedule: (ms, work) => void machine.timers.after(ms, work),
      onStopped: () => broker.leave(subscription.group, member),
    });
    await machine.call(`joins ${subscription.group}`, async () =>
      broker.join(subscription.group, topic, member),
    );
    return subscriber;
  }

  watermarks(topic: TopicSpec): ReturnType<Log['watermarks']> {
    return this.machine.call('asks for watermarks', async () => this.broker.marks(topic.name));
  }

  readAt(topic: TopicSpec, partition: number, offset: number): Promise<LogRecord | null> {
    return this.machine.call('reads a record', async () => this.broker.at(topic.name, partition, offset));
  }

  async close(): Promise<void> {}

  private fetch(
    topic: string,
    wanted: ReadonlyMap<number, number>,
  ): Promise<ReadonlyMap<number, readonly LogRecord[]>> {
    const { machine } = this;
    return machine.call(`fetches ${topic}`, async () => {
      if (machine.world.faults.strikes('read failed')) throw unreachable('log');
      return new Map([...wanted].map(([partition, from]) => [partition, this.cut(topic, partition, from)]));
    });
  }

  /** As a log may deliver: again from an older offset, or from a later one than was asked for. */
  private cut(topic: string, partition: number, from: number): LogRecord[] {
    const { faults, chance } = this.machine.world;
    const most = 1 + chance.below(MOST_RECORDS);
    let start = from;
    if (from > 0 && faults.strikes('delivered again')) start = chance.below(from);
    const ahead = this.broker.read(topic, partition, start + 1);
    if (ahead.length > 0 && start === from && faults.strikes('delivered ahead')) return ahead.slice(0, most);
    return this.broker.read(topic, partition, start).slice(0, most);
  }
}
