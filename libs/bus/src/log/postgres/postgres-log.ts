import type { TopicSpec } from '@linli/contracts';
import type { Database } from '@linli/store';
import { partitionFault } from '../limits.js';
import type { Log, LogRecord, NewRecord, SetupFault, Subscriber, Subscription, Watermarks } from '../log.js';
import type { LogLogger } from '../position.js';
import { PublishRefused } from '../publish-fault.js';
import { type LaneItem, PublishLanes } from '../publish-lanes.js';
import { PullSubscriber } from '../pull-subscriber.js';
import { appendFault } from './append-fault.js';
import { type HeadRow, Heads } from './heads.js';
import * as sql from './statements.js';

export interface PostgresLogOptions {
  /** The schema of the log, migrated with `logMigrations`. Stays the caller's: `close` leaves it open. */
  readonly database: Database;
  readonly logger?: LogLogger;
  /** How long a publisher waits for its answer. */
  readonly publishWithinMs?: number;
}

/** The log of the embedded mode. */
export interface PostgresLog extends Log {
  /** Gives up records appended before `olderThan`; the number of records deleted. */
  prune(topic: TopicSpec, olderThan: Date): Promise<number>;
}

type Row = Omit<LogRecord, 'topic'>;

class PostgresLogAdapter implements PostgresLog {
  readonly promises = { sharesPartitions: false, durable: true };
  private readonly heads: Heads;
  private readonly lanes: PublishLanes;
  private readonly provisioned = new Map<string, Promise<void>>();
  private readonly subscribers = new Set<Subscriber>();
  private closed = false;

  constructor(private readonly options: PostgresLogOptions) {
    this.heads = new Heads(options.database.connection('consumer'), options.logger);
    this.lanes = new PublishLanes({
      laneOf: () => 'commit',
      send: (batch) => this.append(batch),
      maxBatchRecords: 500,
      maxBatchBytes: 4_000_000,
      deadlineMs: options.publishWithinMs ?? 3_000,
      maxWaitingBytes: 32_000_000,
    });
  }

  async provision(topics: readonly TopicSpec[]): Promise<void> {
    await this.options.database.transaction('relay', async (tx) => {
      for (const { name, partitions, holds } of topics)
        await tx.execute(sql.ADD_TOPIC, [name, partitions, holds]);
    });
  }

  async check(topics: readonly TopicSpec[]): Promise<readonly SetupFault[]> {
    const counts = await this.options.database
      .connection('consumer')
      .query<{ topic: string; found: number }>('select topic, count(*) as found from head group by topic');
    const found = new Map(counts.map((row) => [row.topic, row.found]));
    return topics
      .map((topic) => partitionFault(topic, found.get(topic.name) ?? null))
      .filter((fault) => fault !== null);
  }

  async publish(topic: TopicSpec, records: readonly NewRecord[]): Promise<void> {
    await this.refuseUnprovisioned(topic.name);
    await this.lanes.publish(topic, records);
  }

  async subscribe(subscription: Subscription): Promise<Subscriber> {
    if (this.closed) throw new Error('the log is closed');
    const { topic } = subscription;
    const marks = await this.watermarks(topic);
    let unfollow = (): void => undefined;
    const subscriber: PullSubscriber = new PullSubscriber({
      subscription,
      source: {
        heads: () => this.heads.of(topic.name),
        read: (wanted) => this.read(topic.name, wanted),
      },
      schedule: (ms, work) => {
        setTimeout(work, ms).unref();
      },
      logger: this.options.logger,
      onStopped: () => {
        unfollow();
        this.subscribers.delete(subscriber);
      },
    });
    this.subscribers.add(subscriber);
    unfollow = this.heads.follow(topic.name, () => subscriber.turn());
    subscriber.assign(marks.map(({ partition }) => partition));
    return subscriber;
  }

  async watermarks({ name }: TopicSpec): Promise<readonly Watermarks[]> {
    await this.heads.refresh([name]);
    const marks = this.heads.of(name);
    if (marks.length === 0) throw new Error(`the topic ${name} was not provisioned`);
    return marks;
  }

  async readAt({ name }: TopicSpec, partition: number, offset: number): Promise<LogRecord | null> {
    const connection = this.options.database.connection('consumer');
    const [row] = await connection.query<Row>(sql.READ_AT, [name, partition, offset]);
    return row ? { topic: name, ...row } : null;
  }

  async prune({ name }: TopicSpec, olderThan: Date): Promise<number> {
    const { database } = this.options;
    const raised = await database.transaction('relay', async (tx) => {
      await tx.query(sql.LOCK_HEADS, [name]);
      return tx.query<HeadRow>(sql.RAISE_LOW, [name, olderThan]);
    });
    this.heads.learn(raised);
    let deleted = 0;
    for (const { partition, low } of raised) {
      const parameters = [name, partition, low];
      for (let gone = 1; gone > 0; deleted += gone) {
        gone = await database.connection('relay').execute(sql.DELETE_EXPIRED, parameters);
      }
    }
    return deleted;
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([...this.subscribers].map((subscriber) => subscriber.stop()));
    await this.lanes.close();
    this.heads.close();
  }

  private async append(batch: readonly LaneItem[]): Promise<void> {
    const columns = [
      batch.map(({ topic }) => topic.name),
      batch.map(({ record }) => record.partition),
      batch.map(({ record }) => record.key),
      batch.map(({ record }) => record.value),
      batch.map(({ record }) => JSON.stringify(record.headers)),
    ];
    try {
      this.heads.learn(await this.options.database.connection('relay').query<HeadRow>(sql.APPEND, columns));
    } catch (error) {
      throw appendFault(error);
    }
  }

  private async read(topic: string, wanted: ReadonlyMap<number, number>): Promise<Map<number, LogRecord[]>> {
    const rows = await this.options.database
      .connection('consumer')
      .query<Row>(sql.READ, [topic, [...wanted.keys()], [...wanted.values()]]);
    const found = new Map<number, LogRecord[]>();
    for (const { partition, offset, key, value, headers, appendedAt } of rows) {
      const records = found.get(partition) ?? [];
      records.push({ topic, partition, offset, key, value, headers, appendedAt });
      found.set(partition, records);
    }
    return found;
  }

  /** One look for all who ask at once, so that no call overtakes another. */
  private refuseUnprovisioned(name: string): Promise<void> {
    const known = this.provisioned.get(name) ?? this.lookUp(name);
    this.provisioned.set(name, known);
    known.catch(() => this.provisioned.delete(name));
    return known;
  }

  private async lookUp(name: string): Promise<void> {
    await this.heads.refresh([name]).catch((error: unknown) => {
      throw new PublishRefused('LOG_UNAVAILABLE', 'the heads of the log cannot be read', { cause: error });
    });
    if (this.heads.of(name).length === 0) {
      throw new PublishRefused('LOG_TOPIC_UNKNOWN', `${name} was not provisioned`);
    }
  }
}

export const postgresLog = (options: PostgresLogOptions): PostgresLog => new PostgresLogAdapter(options);
