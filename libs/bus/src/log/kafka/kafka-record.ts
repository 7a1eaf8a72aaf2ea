import type { KafkaMessage } from 'kafkajs';
import type { LogRecord } from '../log.js';

type HeaderValue = NonNullable<KafkaMessage['headers']>[string];

const textOf = (value: HeaderValue): string => {
  const one = Array.isArray(value) ? value[0] : value;
  return one?.toString() ?? '';
};

/** `appendedAt` is the broker's time: kafkajs gives it for all records of a topic with LogAppendTime. */
export const recordOf = (topic: string, partition: number, message: KafkaMessage): LogRecord => ({
  topic,
  partition,
  offset: Number(message.offset),
  key: message.key?.toString() ?? null,
  value: message.value,
  headers: Object.fromEntries(
    Object.entries(message.headers ?? {}).map(([name, value]) => [name, textOf(value)]),
  ),
  appendedAt: new Date(Number(message.timestamp)),
});
