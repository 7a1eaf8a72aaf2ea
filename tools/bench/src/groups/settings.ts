import { RISK_INTAKE } from '@linli/contracts';
import kafkajs from 'kafkajs';
import { superuserUrl } from '@linli/store';
import { Client } from 'pg';
import type { District } from '../system/district.js';

const SAFE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' } as const;

/** In words, what makes the database durable. Throws when it is not: such figures would be worth nothing. */
export const settingsOf = async (client: Client): Promise<string> => {
  const names = [...Object.keys(SAFE), 'wal_sync_method', 'server_version'];
  const { rows } = await client.query<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any ($1)',
    [names],
  );
  const found = new Map(rows.map(({ name, setting }) => [name, setting]));
  for (const [name, safe] of Object.entries(SAFE))
    if (found.get(name) !== safe) throw new Error(`PostgreSQL runs with ${name}=${found.get(name)}`);
  return `PostgreSQL: ${names.map((name) => `${name}=${found.get(name) ?? '?'}`).join(', ')}`;
};

/** In words, what makes the log durable; producers ask for acks=all. */
export const topicsOf = async (brokers: string): Promise<string> => {
  const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.ERROR });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: RISK_INTAKE.name }],
    });
    const settings = new Map(resources[0]?.configEntries.map((one) => [one.configName, one.configValue]));
    const { brokers: all } = await admin.describeCluster();
    const wanted = String(Math.min(2, all.length >= 3 ? 3 : 1));
    const insync = settings.get('min.insync.replicas');
    if (insync !== wanted) throw new Error(`${RISK_INTAKE.name} has min.insync.replicas=${insync}`);
    return `Kafka: ${all.length} broker, acks=all, ${RISK_INTAKE.name} with ${RISK_INTAKE.partitions} partitions, min.insync.replicas=${insync}`;
  } finally {
    await admin.disconnect();
  }
};

/** What the system of a district stands on, as it was found. */
export const notesOf = async ({ stack }: District): Promise<string[]> => {
  const client = new Client({ connectionString: superuserUrl(stack.env.DATABASE_URL) });
  await client.connect();
  try {
    return [await settingsOf(client), await topicsOf(stack.env.KAFKA_BROKERS)];
  } finally {
    await client.end();
  }
};
