export { StackUnavailable } from './jars.js';
export { kafkaClasspath, startKafka, type KafkaOptions, type KafkaStack } from './kafka.js';
export type { ExtraListener } from './kafka-properties.js';
export { startPostgres, type PostgresStack } from './postgres.js';
export { startRedis, type RedisStack } from './redis.js';
export type { StackServer } from './server.js';
export { startStack, type Stack } from './stack.js';
export { certificateIn, type Certificate } from './certificate.js';
