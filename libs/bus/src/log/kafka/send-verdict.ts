/**
 * What a failed send says about the log. `refused`: surely not written, and trying again gives the same.
 * `not-sent`: surely not written, the next attempt may work. `unknown`: may have been written.
 */
export type SendVerdict = 'refused' | 'not-sent' | 'unknown';

interface KafkaFailure {
  readonly name?: string;
  readonly message?: string;
  readonly type?: string;
  readonly code?: unknown;
  readonly cause?: unknown;
}

const forGood = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_TOPIC_EXCEPTION',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_REQUIRED_ACKS',
  'INVALID_TIMESTAMP',
  'CORRUPT_MESSAGE',
  'SASL_AUTHENTICATION_FAILED',
]);

/** Answers of a broker that did not append. `NOT_ENOUGH_REPLICAS_AFTER_APPEND` is not among them: it did. */
const forNow = new Set([
  'UNKNOWN_TOPIC_OR_PARTITION',
  'LEADER_NOT_AVAILABLE',
  'NOT_LEADER_FOR_PARTITION',
  'NOT_ENOUGH_REPLICAS',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
]);

const neverConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

const beforeSending = new Set([
  'KafkaJSBrokerNotFound',
  'KafkaJSMetadataNotLoaded',
  'KafkaJSTopicMetadataNotLoaded',
  'KafkaJSNoBrokerAvailableError',
  'KafkaJSSASLAuthenticationError',
]);

/** The error that kafkajs wrapped, once or more often. */
export const rootFailure = (error: unknown): KafkaFailure => {
  const failure = (error ?? {}) as KafkaFailure;
  return failure.cause instanceof Error ? rootFailure(failure.cause) : failure;
};

const hadNoConnection = ({ name, message, code }: KafkaFailure): boolean =>
  (name === 'KafkaJSConnectionError' &&
    (neverConnected.has(String(code)) || message === 'Connection timeout')) ||
  beforeSending.has(name ?? '') ||
  message === 'The producer is disconnected';

/**
 * A broker answers for each partition of a request and kafkajs passes on the first fault only, so its word counts for
 * the whole batch only when that was of `onePartition`.
 */
export const sendVerdict = (error: unknown, onePartition: boolean): SendVerdict => {
  const failure = rootFailure(error);
  if (hadNoConnection(failure)) return 'not-sent';
  const { type = '' } = failure;
  if (!onePartition) return 'unknown';
  if (forGood.has(type)) return 'refused';
  return forNow.has(type) ? 'not-sent' : 'unknown';
};
