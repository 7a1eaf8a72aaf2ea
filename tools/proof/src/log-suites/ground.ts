import { kafkaLog, type Log } from '@linli/bus';
import type { TopicSpec } from '@linli/contracts';
import { startPostgres } from '@linli/stack';
import { superuserUrl } from '@linli/store';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { Pool } from 'pg';
import { startProxiedKafka } from '../proxy/proxied-kafka.js';
import type { FaultProxy } from '../proxy/fault-proxy.js';

/** A real Kafka and PostgreSQL under the log suites; tellers and hearers each enter Kafka by a door of their own. */
export interface Ground {
  readonly databaseUrl: string;
  readonly brokers: readonly string[];
  /** Sees all schemas. */
  readonly database: Pool;
  readonly doors: Readonly<Record<'TELLERS' | 'HEARERS', FaultProxy>>;
  /** By the front door: faults of the proxies do not reach it. */
  readonly log: Log;
  readonly admin: Admin;
  /** The same with clients of its own: one topic that is away makes kafkajs' clients fail for all they were asked about. */
  branch(): Promise<Ground>;
  stop(): Promise<void>;
}

const databaseOf = (url: string): Pool => {
  const pool = new Pool({ connectionString: superuserUrl(url), max: 4, options: '-c timezone=UTC' });
  pool.on('error', () => undefined);
  return pool;
};

type Clients = Pick<Ground, 'log' | 'admin'> & { readonly close: () => Promise<void> };

const clientsOf = async (brokers: string[]): Promise<Clients> => {
  const log = kafkaLog({ brokers, clientId: 'proof' });
  const admin = new Kafka({ brokers, clientId: 'proof-admin', logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  return { log, admin, close: async () => void (await Promise.all([log.close(), admin.disconnect()])) };
};

export const openGround = async (): Promise<Ground> => {
  const [kafka, postgres] = await Promise.all([
    startProxiedKafka(['TELLERS', 'HEARERS'] as const),
    startPostgres(),
  ]);
  const brokers = kafka.kafka.url.split(',');
  const database = databaseOf(postgres.url);
  const ground = { databaseUrl: postgres.url, brokers, database, doors: kafka.doors };
  const branch = async (): Promise<Ground> => {
    const { close, ...clients } = await clientsOf(brokers);
    return { ...ground, ...clients, branch, stop: close };
  };
  const trunk = await branch();
  return {
    ...trunk,
    async stop() {
      await Promise.all([trunk.stop(), database.end()]);
      await Promise.all([kafka.stop(), postgres.stop()]);
    },
  };
};

let made = 0;

/** Topics that no other run has. */
export const freshTopic = async (
  { log }: Pick<Ground, 'log'>,
  holds: TopicSpec['holds'],
  partitions: number,
): Promise<TopicSpec> => {
  made += 1;
  const name = `proof.${holds}${Date.now().toString(36)}${made}.v1`;
  const topic: TopicSpec = { name, partitions, holds };
  await log.provision([topic]);
  return topic;
};

/** The log forgets what lies before an offset, as when it expired. */
export const deleteRecords = async (
  { admin }: Pick<Ground, 'admin'>,
  { name: topic }: TopicSpec,
  partition: number,
  before: number,
): Promise<void> => {
  // kafkajs finds the leader only of topics that it was asked about before.
  await admin.fetchTopicOffsets(topic);
  await admin.deleteTopicRecords({ topic, partitions: [{ partition, offset: String(before) }] });
};
