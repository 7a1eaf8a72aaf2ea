import { within } from '@linli/kernel';
import { join } from 'node:path';
import { OpsStatus } from '@linli/contracts';
import { readConfig, type Config } from '@linli/service';
import { Client } from 'pg';
import { Api } from '../client/api.js';
import { Declined, NotReachable } from '../client/faults.js';
import { UsageMistake } from '../exit-code.js';
import { runningUrl } from '../recompute/embedded-url.js';
import { examineBroker } from './broker.js';
import { examineCalendars } from './calendars.js';
import { examineClock } from './clock.js';
import { examineDatabase } from './database.js';
import { examineDisk } from './disk.js';
import { expectedSchemas } from './expected.js';
import {
  right,
  unknown,
  unreachable,
  wrong,
  type Area,
  type Examine,
  type Finding,
  type Patient,
} from './finding.js';
import { examineKeys, examineSecrets } from './keys.js';
import { examineRedis } from './redis.js';

const ANSWER_MS = 15_000;

const examineSystem = async ({ url, key }: Patient): Promise<Finding[]> => {
  if (key === undefined) return [unknown('system', 'no --key was given: the running system was not asked')];
  try {
    const { services } = await new Api(url, key).get('/v1/ops/status', OpsStatus);
    return services.flatMap(({ service, attention }) =>
      attention.length === 0
        ? [right('system', `${service}: nothing needs attention`)]
        : attention.map((sentence) =>
            wrong('system', `${service}: ${sentence}`, 'linli status, then docs/operations.md'),
          ),
    );
  } catch (error) {
    if (error instanceof NotReachable) return [unreachable('system', error, `does it run at ${url}?`)];
    if (error instanceof Declined && error.status < 500)
      return [unknown('system', `the key given may not ask: ${error.message}`, 'use one with the scope ops')];
    throw error;
  }
};

/** Nothing in Kafka's protocol tells the time but a record that is written. */
const brokersClock = unknown(
  'clock',
  "the brokers' clocks are not seen from here",
  'watch them on their hosts: alert at 500 ms',
);

const withDatabase = async (config: Config): Promise<Finding[]> => {
  const dir = join(config.dataDir, 'postgres');
  const url = config.databaseUrl ?? runningUrl(dir);
  if (url === null) {
    const mend = `start the system (linli start), or set DATABASE_URL or LINLI_DATA_DIR`;
    return [unreachable('database', new Error(`no embedded database runs in ${config.dataDir}`), mend)];
  }
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3000, query_timeout: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return [
      right('database', 'answers'),
      ...(await examineDatabase(client, await expectedSchemas())),
      await examineDisk(config.databaseUrl === null ? dir : null),
      await examineClock(client),
      ...(config.kafkaBrokers === null ? [] : [brokersClock]),
    ];
  } catch (error) {
    return [unreachable('database', error, 'is PostgreSQL running at DATABASE_URL, and is the login right?')];
  } finally {
    await client.end().catch(() => undefined);
  }
};

const withKeys = async (config: Config, { url, key }: Patient): Promise<Finding[]> => {
  const secrets = examineSecrets(config);
  if (key === undefined)
    return [...secrets, unknown('keys', 'no --key was given: API keys were not looked at')];
  const keys = await examineKeys(new Api(url, key)).catch((error: unknown) => {
    if (error instanceof NotReachable)
      return [unknown('keys', 'the system does not answer: API keys were not looked at')];
    throw error;
  });
  return [...secrets, ...keys];
};

const withCalendars = async ({ url, key }: Patient): Promise<Finding[]> => {
  if (key === undefined)
    return [unknown('calendars', 'no --key was given: the calendars were not looked at')];
  return examineCalendars(new Api(url, key)).catch((error: unknown) => {
    if (error instanceof NotReachable)
      return [unknown('calendars', 'the system does not answer: the calendars were not looked at')];
    throw error;
  });
};

const configOf = async ({ environment }: Patient): Promise<Config> => {
  const { serviceNames } = await import('@linli/all-in-one');
  try {
    return readConfig(environment, serviceNames);
  } catch (error) {
    throw new UsageMistake(error instanceof Error ? error.message : String(error));
  }
};

/** Looks at everything that the system stands on, from this host, with the settings of this environment. */
export const examine: Examine = async function* (patient) {
  const config = await configOf(patient);
  const examinations: [Area, () => Promise<Finding[]>][] = [
    ['system', () => examineSystem(patient)],
    ['broker', () => examineBroker(config)],
    ['database', () => withDatabase(config)],
    ['redis', () => examineRedis(config)],
    ['keys', () => withKeys(config, patient)],
    ['calendars', () => withCalendars(patient)],
  ];
  for (const [area, look] of examinations) {
    yield* await within(ANSWER_MS, look()).catch((error: unknown) => [
      unreachable(area, error, 'look again; if it stays, ask whoever runs it'),
    ]);
  }
};
