import type { TestStack } from './stack-urls.js';

const images = {
  kafka: 'confluentinc/cp-kafka:7.7.1',
  postgres: 'postgres:18',
  redis: 'redis:7.4',
};

const brokerSettings = {
  KAFKA_LOG_MESSAGE_TIMESTAMP_TYPE: 'LogAppendTime',
  KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
};

/** Imported late: it is large, and answers within milliseconds that there is no container runtime. */
const hasRuntime = async (): Promise<boolean> => {
  const { getContainerRuntimeClient } = await import('testcontainers');
  return getContainerRuntimeClient().then(
    () => true,
    () => false,
  );
};

const startAll = async (): Promise<TestStack> => {
  const [{ KafkaContainer }, { PostgreSqlContainer }, { RedisContainer }] = await Promise.all([
    import('@testcontainers/kafka'),
    import('@testcontainers/postgresql'),
    import('@testcontainers/redis'),
  ]);
  const [kafka, postgres, redis] = await Promise.all([
    new KafkaContainer(images.kafka)
      .withKraft()
      .withEnvironment(brokerSettings)
      .withExposedPorts(9093)
      .start(),
    new PostgreSqlContainer(images.postgres).start(),
    new RedisContainer(images.redis).start(),
  ]);
  return {
    source: 'docker',
    kafkaBrokers: `${kafka.getHost()}:${kafka.getMappedPort(9093)}`,
    databaseUrl: postgres.getConnectionUri(),
    redisUrl: redis.getConnectionUrl(),
    stop: async () => {
      await Promise.all([kafka.stop(), postgres.stop(), redis.stop()]);
    },
  };
};

/** Kafka, PostgreSQL and Redis in containers; null on a machine without a container runtime. */
export const startContainers = async (): Promise<TestStack | null> =>
  (await hasRuntime()) ? startAll() : null;
