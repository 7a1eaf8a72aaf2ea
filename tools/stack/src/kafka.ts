import { freePort } from '@linli/store';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Kafka, logLevel } from 'kafkajs';
import { brokerProperties, type BrokerPlan, type ExtraListener } from './kafka-properties.js';
import { dependenciesOf, requireJava } from './jars.js';
import { allOrNone, inTemporaryDir, startServer, type StackServer } from './server.js';

export interface KafkaOptions {
  /** Three replicate everything with min.insync.replicas 2; one is faster to start. */
  readonly brokers?: 1 | 3;
  /** Kept when given; otherwise a temporary folder, removed at the end. */
  readonly dir?: string;
  /** More doors of a broker (number 1 unless told), announced on another port: for a proxy in between. */
  readonly listeners?: readonly (ExtraListener & { readonly broker?: number })[];
}

export interface KafkaStack {
  /** `host:port,…`, the form of KAFKA_BROKERS. */
  readonly url: string;
  /** In the order of their node ids, from 1. */
  readonly brokers: readonly StackServer[];
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const java = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

const plan = async (options: KafkaOptions): Promise<BrokerPlan[]> => {
  const ids = options.brokers === 3 ? [1, 2, 3] : [1];
  return Promise.all(
    ids.map(async (id) => ({
      id,
      port: await freePort(),
      controllerPort: await freePort(),
      listeners: (options.listeners ?? []).filter((listener) => (listener.broker ?? 1) === id),
    })),
  );
};

const format = async (classpath: string, properties: string, clusterId: string): Promise<void> => {
  const args = [
    ...java,
    '-cp',
    classpath,
    'kafka.tools.StorageTool',
    'format',
    // One word: an id may begin with a dash.
    `--cluster-id=${clusterId}`,
    '-c',
    properties,
  ];
  await promisify(execFile)('java', [...args, '--ignore-formatted']);
};

/** The broker answers, knows the whole cluster and has a controller. */
const isWhole = (port: number, brokers: number) => async (): Promise<void> => {
  const kafka = new Kafka({
    brokers: [`127.0.0.1:${port}`],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    if (cluster.brokers.length < brokers) throw new Error(`${cluster.brokers.length} of ${brokers} brokers`);
  } finally {
    await admin.disconnect();
  }
};

interface Site {
  readonly dir: string;
  readonly classpath: string;
  readonly clusterId: string;
  readonly plans: readonly BrokerPlan[];
}

const startBroker = async (site: Site, broker: BrokerPlan): Promise<StackServer> => {
  const home = join(site.dir, `broker-${broker.id}`);
  const properties = join(home, 'server.properties');
  mkdirSync(home, { recursive: true });
  writeFileSync(properties, brokerProperties(broker, site.plans, home));
  if (!existsSync(join(home, 'data', 'meta.properties')))
    await format(site.classpath, properties, site.clusterId);
  return startServer({
    name: `Kafka broker ${broker.id}`,
    command: 'java',
    args: [
      ...java,
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      ...['-cp', site.classpath, 'kafka.Kafka', properties],
    ],
    logFile: join(home, 'server.log'),
    check: isWhole(broker.port, Math.ceil((site.plans.length + 1) / 2)),
    readyWithinMs: READY_WITHIN_MS,
  });
};

const clusterIdIn = (dir: string): string => {
  const file = join(dir, 'cluster-id');
  mkdirSync(dir, { recursive: true });
  if (!existsSync(file)) writeFileSync(file, randomBytes(16).toString('base64url'));
  return readFileSync(file, 'utf8');
};

const startIn = async (dir: string, lib: string, options: KafkaOptions): Promise<KafkaStack> => {
  const plans = await plan(options);
  const site = { dir, plans, classpath: join(lib, '*'), clusterId: clusterIdIn(dir) };
  const brokers = await allOrNone(plans.map((broker) => startBroker(site, broker)));
  return {
    url: plans.map((broker) => `127.0.0.1:${broker.port}`).join(','),
    brokers,
    stop: async () => {
      await Promise.all(brokers.map((broker) => broker.stop()));
    },
  };
};

/** Of Kafka's own tools, for `java -cp`. */
export const kafkaClasspath = async (): Promise<string> =>
  join(await dependenciesOf('kafka', 'copy-dependencies'), '*');

/** A real Apache Kafka (KRaft) on free loopback ports, from jars that Maven fetches once. */
export const startKafka = async (options: KafkaOptions = {}): Promise<KafkaStack> => {
  await requireJava();
  const lib = await dependenciesOf('kafka', 'copy-dependencies');
  if (options.dir !== undefined) return startIn(options.dir, lib, options);
  return inTemporaryDir('kafka', (dir) => startIn(dir, lib, options));
};
