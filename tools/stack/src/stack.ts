import { startKafka, type KafkaOptions, type KafkaStack } from './kafka.js';
import { startPostgres, type PostgresStack } from './postgres.js';
import { startRedis, type RedisStack } from './redis.js';
import { allOrNone } from './server.js';

/** Kafka, PostgreSQL and Redis, each real, on free loopback ports. */
export interface Stack {
  readonly kafka: KafkaStack;
  readonly postgres: PostgresStack;
  readonly redis: RedisStack;
  /** KAFKA_BROKERS, DATABASE_URL and REDIS_URL, as every program of ours reads them. */
  readonly env: Readonly<Record<'KAFKA_BROKERS' | 'DATABASE_URL' | 'REDIS_URL', string>>;
  stop(): Promise<void>;
}

export const startStack = async (options: KafkaOptions = {}): Promise<Stack> => {
  const parts = await allOrNone<KafkaStack | PostgresStack | RedisStack>([
    startKafka(options),
    startPostgres(),
    startRedis(),
  ]);
  const [kafka, postgres, redis] = parts as [KafkaStack, PostgresStack, RedisStack];
  return {
    kafka,
    postgres,
    redis,
    env: { KAFKA_BROKERS: kafka.url, DATABASE_URL: postgres.url, REDIS_URL: redis.url },
    stop: async () => {
      await Promise.all(parts.map((part) => part.stop()));
    },
  };
};
