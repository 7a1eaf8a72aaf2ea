import { join } from 'node:path';

/** A further door of a broker: it listens on `port` and tells clients of this door to come to `advertisedPort`. */
export interface ExtraListener {
  /** Upper case letters and digits. */
  readonly name: string;
  readonly port: number;
  readonly advertisedPort: number;
  /** TLS and a login by name and password (SASL PLAIN); absent: open to whoever comes. */
  readonly guard?: DoorGuard;
}

export interface DoorGuard {
  /** PKCS 12 file with the broker's key and certificate, and its password. */
  readonly keystore: string;
  readonly keystorePassword: string;
  readonly username: string;
  readonly password: string;
}

export interface BrokerPlan {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
  readonly listeners: readonly ExtraListener[];
}

const at = (name: string, port: number): string => `${name}://127.0.0.1:${port}`;

const guarding = ({ name, guard }: ExtraListener): Record<string, unknown> => {
  if (!guard) return {};
  const door = `listener.name.${name.toLowerCase()}`;
  return {
    [`${door}.ssl.keystore.type`]: 'PKCS12',
    [`${door}.ssl.keystore.location`]: guard.keystore,
    [`${door}.ssl.keystore.password`]: guard.keystorePassword,
    [`${door}.sasl.enabled.mechanisms`]: 'PLAIN',
    [`${door}.plain.sasl.jaas.config`]:
      'org.apache.kafka.common.security.plain.PlainLoginModule required ' +
      `user_${guard.username}="${guard.password}";`,
  };
};

/** Every node is broker and controller: the smallest cluster that is a real one. */
const topology = (broker: BrokerPlan, all: readonly BrokerPlan[], home: string): Record<string, unknown> => {
  const doors = broker.listeners.map(({ name, port }) => at(name, port));
  const announced = broker.listeners.map(({ name, advertisedPort }) => at(name, advertisedPort));
  const protocols = [
    'PLAINTEXT:PLAINTEXT',
    'CONTROLLER:PLAINTEXT',
    ...broker.listeners.map(({ name, guard }) => `${name}:${guard ? 'SASL_SSL' : 'PLAINTEXT'}`),
  ];
  return {
    'process.roles': 'broker,controller',
    'node.id': broker.id,
    'controller.quorum.voters': all.map((one) => `${one.id}@127.0.0.1:${one.controllerPort}`),
    listeners: [at('PLAINTEXT', broker.port), at('CONTROLLER', broker.controllerPort), ...doors],
    'advertised.listeners': [at('PLAINTEXT', broker.port), ...announced],
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': protocols,
    'log.dirs': join(home, 'data'),
    ...Object.assign({}, ...broker.listeners.map(guarding)),
  };
};

const replication = (brokers: number): Record<string, unknown> => {
  const [copies, insync] = brokers === 3 ? [3, 2] : [1, 1];
  return {
    'default.replication.factor': copies,
    'min.insync.replicas': insync,
    'offsets.topic.replication.factor': copies,
    'transaction.state.log.replication.factor': copies,
    'transaction.state.log.min.isr': insync,
    'share.coordinator.state.topic.replication.factor': copies,
    'share.coordinator.state.topic.min.isr': insync,
  };
};

/** As in production (reliability 1.4), but small, and without the wait for more members of a group. */
const behaviour = {
  'auto.create.topics.enable': false,
  'unclean.leader.election.enable': false,
  'log.message.timestamp.type': 'LogAppendTime',
  'message.max.bytes': 1_048_588,
  'offsets.retention.minutes': 20_160,
  'group.initial.rebalance.delay.ms': 0,
  'offsets.topic.num.partitions': 4,
  'transaction.state.log.num.partitions': 4,
  'log.segment.bytes': 16_777_216,
  'log.index.size.max.bytes': 1_048_576,
  'num.network.threads': 2,
  'num.io.threads': 4,
};

/** The text of `server.properties`. */
export const brokerProperties = (broker: BrokerPlan, all: readonly BrokerPlan[], home: string): string =>
  Object.entries({ ...topology(broker, all, home), ...replication(all.length), ...behaviour })
    .map(([name, value]) => `${name}=${String(value)}\n`)
    .join('');
