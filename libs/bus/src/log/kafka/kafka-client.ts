import './crc32c-patch.js';
import kafkajs, { type Kafka, type KafkaConfig } from 'kafkajs';
import type { LogLogger } from '../position.js';
import { patchIdleTimer } from './idle-timer-patch.js';
import { quietly } from './quietly.js';

export interface KafkaLogOptions {
  /** `host:port` of some brokers of the cluster. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly logger?: LogLogger;
  readonly ssl?: KafkaConfig['ssl'];
  readonly sasl?: KafkaConfig['sasl'];
  /** How long a publisher waits for its answer. */
  readonly publishWithinMs?: number;
}

/**
 * All of kafkajs' defaults that matter are set here and where its parts are made: two of them change with NODE_ENV=test.
 * `retries` is the number of times that it connects anew or asks again by itself.
 */
export const kafkaClient = (options: KafkaLogOptions, retries: number): Kafka => {
  patchIdleTimer();
  const { brokers, clientId, logger, ssl, sasl } = options;
  return new kafkajs.Kafka({
    brokers: [...brokers],
    clientId,
    ...(ssl !== undefined && { ssl }),
    ...(sasl !== undefined && { sasl }),
    connectionTimeout: 1_000,
    authenticationTimeout: 3_000,
    requestTimeout: 5_000,
    enforceRequestTimeout: true,
    retry: retry(retries),
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => quietly(logger),
  });
};

export const retry = (retries: number) => ({
  initialRetryTime: 100,
  factor: 0.2,
  multiplier: 2,
  maxRetryTime: 2_000,
  retries,
});
