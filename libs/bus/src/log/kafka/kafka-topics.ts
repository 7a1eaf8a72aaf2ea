import { setTimeout as delay } from 'node:timers/promises';
import type { TopicSpec } from '@linli/contracts';
import { DAY } from '@linli/kernel';
import kafkajs, { type Admin, type ITopicMetadata } from 'kafkajs';
import { MAX_MESSAGE_BYTES, partitionFault, retentionOf } from '../limits.js';
import type { SetupFault } from '../log.js';

const REPLICAS = 3;
const CREATE_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 100;

/** The settings that the promises of the log rest on, as texts of Kafka. */
const settingsOf = (topic: TopicSpec, replicas: number): Record<string, string> => ({
  'cleanup.policy': 'delete',
  'retention.ms': String(retentionOf(topic)),
  'min.insync.replicas': String(Math.min(2, replicas)),
  'message.timestamp.type': 'LogAppendTime',
  'unclean.leader.election.enable': 'false',
  'max.message.bytes': String(MAX_MESSAGE_BYTES),
});

/** Three replicas where there are three brokers; below that one, and the weaker promise of one machine. */
const replicasFor = async (admin: Admin): Promise<number> => {
  const { brokers } = await admin.describeCluster();
  return brokers.length >= REPLICAS ? REPLICAS : 1;
};

/** Makes the missing topics and leaves the others as they are. */
export const provisionTopics = async (admin: Admin, topics: readonly TopicSpec[]): Promise<void> => {
  const present = new Set(await admin.listTopics());
  const missing = topics.filter(({ name }) => !present.has(name));
  if (missing.length === 0) return;
  const replicas = await replicasFor(admin);
  await admin.createTopics({
    timeout: CREATE_WITHIN_MS,
    waitForLeaders: false,
    topics: missing.map((topic) => ({
      topic: topic.name,
      numPartitions: topic.partitions,
      replicationFactor: replicas,
      configEntries: Object.entries(settingsOf(topic, replicas)).map(([name, value]) => ({ name, value })),
    })),
  });
  for (const { name } of missing) await untilServed(admin, name);
};

/** A topic just made is not known to every broker, nor served by its leader, at once; kafkajs takes that for a failure. */
const untilServed = async (admin: Admin, topic: string): Promise<void> => {
  for (const end = performance.now() + CREATE_WITHIN_MS; ; await delay(LOOK_EVERY_MS)) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
    }
  }
};

type Settings = ReadonlyMap<string, string>;

const settingsIn = async (admin: Admin, topics: readonly TopicSpec[]): Promise<Map<string, Settings>> => {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: topics.map(({ name }) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
  });
  return new Map(
    resources.map(({ resourceName, configEntries }) => [
      resourceName,
      new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ]),
  );
};

const alter = (topic: TopicSpec, setting: string): string =>
  `kafka-configs.sh --alter --entity-type topics --entity-name ${topic.name} --add-config ${setting}`;

const retentionFault = (topic: TopicSpec, settings: Settings): [string, string] | null => {
  const held = Number(settings.get('retention.ms'));
  const needed = retentionOf(topic);
  if (held === -1 || held >= needed) return null;
  return [
    `records are kept ${(held / DAY).toFixed(1)} days where ${needed / DAY} are needed: what is not read by then is lost`,
    alter(topic, `retention.ms=${needed}`),
  ];
};

const replicaFault = (
  topic: TopicSpec,
  found: number,
  wanted: number,
  settings: Settings,
): [string, string] | null => {
  if (found < wanted) {
    return [
      `${found} replicas where the cluster has ${wanted} brokers or more: the loss of one loses accepted records`,
      `reassign it to ${wanted} replicas (kafka-reassign-partitions.sh)`,
    ];
  }
  const inSync = Number(settings.get('min.insync.replicas'));
  if (found < REPLICAS || inSync >= 2) return null;
  return [
    `min.insync.replicas is ${inSync}: a record counts as accepted when one broker alone has it`,
    alter(topic, 'min.insync.replicas=2'),
  ];
};

const fixedFaults: readonly [
  setting: string,
  isRight: (value: string) => boolean,
  mend: string,
  why: string,
][] = [
  [
    'unclean.leader.election.enable',
    (value) => value === 'false',
    'unclean.leader.election.enable=false',
    'a replica that is behind may become leader and cut off accepted records',
  ],
  [
    'message.timestamp.type',
    (value) => value === 'LogAppendTime',
    'message.timestamp.type=LogAppendTime',
    "deadlines are judged by the log's time, and a producer's clock must not steer retention",
  ],
  [
    'cleanup.policy',
    (value) => value === 'delete',
    'cleanup.policy=delete',
    'compaction removes records that were not read',
  ],
  [
    'max.message.bytes',
    (value) => Number(value) >= MAX_MESSAGE_BYTES,
    `max.message.bytes=${MAX_MESSAGE_BYTES}`,
    'a batch that the services may send is refused',
  ],
];

const faultsOf = (
  topic: TopicSpec,
  found: ITopicMetadata | undefined,
  settings: Settings,
  wanted: number,
): SetupFault[] => {
  const counted = partitionFault(topic, found?.partitions.length ?? null);
  if (!found) return counted ? [counted] : [];
  const replicas = Math.min(...found.partitions.map((partition) => partition.replicas.length));
  const told = [
    replicaFault(topic, replicas, wanted, settings),
    retentionFault(topic, settings),
    ...fixedFaults.map(([setting, isRight, mend, why]): [string, string] | null => {
      const value = settings.get(setting) ?? '';
      return isRight(value) ? null : [`${setting} is ${value}: ${why}`, alter(topic, mend)];
    }),
  ].filter((fault) => fault !== null);
  return [
    ...(counted ? [counted] : []),
    ...told.map(([fault, mend]) => ({ topic: topic.name, fault, mend })),
  ];
};

/** What in the cluster would break a promise. */
export const checkTopics = async (admin: Admin, topics: readonly TopicSpec[]): Promise<SetupFault[]> => {
  const present = new Set(await admin.listTopics());
  const existing = topics.filter(({ name }) => present.has(name));
  const names = existing.map(({ name }) => name);
  const metadata = names.length > 0 ? (await admin.fetchTopicMetadata({ topics: names })).topics : [];
  const settings = names.length > 0 ? await settingsIn(admin, existing) : new Map<string, Settings>();
  const wanted = await replicasFor(admin);
  return topics.flatMap((topic) =>
    faultsOf(
      topic,
      metadata.find(({ name }) => name === topic.name),
      settings.get(topic.name) ?? new Map(),
      wanted,
    ),
  );
};
