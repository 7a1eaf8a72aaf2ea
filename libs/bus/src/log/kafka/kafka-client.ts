import kafkajs, { type Kafka, type KafkaConfig, type LogEntry } from 'kafkajs';
import type { LogLogger } from '../position.js';
import { patchIdleTimer } from './idle-timer-patch.js';

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

/** What kafkajs reports as errors while a cluster starts or shifts; it tries again by itself. */
const passing =
  /coordinator|not available|not the leader|leader-follower|rebalanc|leadership election|not aware of this member/iu;

/**
 * kafkajs cries out at every retry. Its words go to our logger one level down (whoever called gets the error and
 * reports it), and the passing ones once at info, then at debug.
 */
const quietly = (logger: LogLogger | undefined): ((entry: LogEntry) => void) => {
  let told = false;
  return ({ namespace, level, log }) => {
    if (!logger) return;
    const { message, error } = log as { message: string; error?: unknown };
    const line = { part: `kafkajs ${namespace}`, error: error instanceof Error ? error.message : error };
    if (passing.test(`${message} ${String(line.error)}`)) {
      logger[told ? 'debug' : 'info'](line, message);
      told = true;
    } else if (level === kafkajs.logLevel.ERROR) logger.warn(line, message);
    else logger.debug(line, message);
  };
};

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
