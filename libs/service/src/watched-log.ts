import {
  correlationIn,
  PublishRefused,
  PublishUnknown,
  type Log,
  type NewRecord,
  type Subscription,
} from '@linli/bus';
import type { TopicSpec } from '@linli/contracts';
import type { Logger } from 'pino';
import type { Meters } from './metrics/process-metrics.js';
import type { Tracing } from './tracing/tracing.js';

export interface Watching {
  readonly service: string;
  /** `messaging_system` of the conventions. */
  readonly system: string;
  readonly meters: Meters;
  readonly logger: Logger;
  readonly tracing: Tracing | null;
}

const MOST_NAMED = 20;

/** Requests among messages, for a line of the log; not all of many. */
export const requestsIn = (records: readonly Pick<NewRecord, 'headers'>[]): readonly string[] => [
  ...new Set(
    records
      .slice(0, MOST_NAMED)
      .map(correlationIn)
      .filter((id) => id !== undefined),
  ),
];

const errorType = (error: unknown): string =>
  error instanceof PublishRefused || error instanceof PublishUnknown ? error.code : 'OTHER';

type Publish = Log['publish'];

/** Sends, measured; each is a line at debug. */
const measuredPublish = (log: Log, { service, system, meters, logger }: Watching): Publish => {
  const note = (topic: TopicSpec, records: readonly NewRecord[], ms: number, error: string): void => {
    const line = { topic: topic.name, records: records.length, ms, requests: requestsIn(records) };
    logger.debug({ ...line, ...(error !== '' && { error }) }, 'published');
  };
  return async (topic, records) => {
    const began = performance.now();
    let error = '';
    try {
      await log.publish(topic, records);
    } catch (fault) {
      error = errorType(fault);
      throw fault;
    } finally {
      const ms = performance.now() - began;
      const labels = {
        service,
        messaging_system: system,
        messaging_destination_name: topic.name,
        messaging_operation_name: 'send',
        error_type: error,
      };
      meters.messaging_client_operation_duration_seconds.observe(labels, ms / 1000);
      meters.messaging_client_sent_messages_total.inc(labels, records.length);
      if (logger.isLevelEnabled('debug')) note(topic, records, ms, error);
    }
  };
};

const countedRecords = (subscription: Subscription, { service, system, meters }: Watching): Subscription => {
  const labels = {
    service,
    messaging_system: system,
    messaging_destination_name: subscription.topic.name,
    messaging_consumer_group_name: subscription.group,
    messaging_operation_name: 'poll',
  };
  return {
    ...subscription,
    onAssigned: (assigned) => subscription.onAssigned(assigned),
    onRecords: (records, current) => {
      meters.messaging_client_consumed_messages_total.inc(labels, records.length);
      return subscription.onRecords(records, current);
    },
  };
};

/** The log of one service, measured and traced. */
export const watchedLog = (log: Log, watching: Watching): Log => {
  const { tracing } = watching;
  const publish = measuredPublish(log, watching);
  return {
    promises: log.promises,
    provision: (topics) => log.provision(topics),
    check: (topics) => log.check(topics),
    publish: tracing
      ? (topic, records) => tracing.publish(topic.name, records, (own) => publish(topic, own))
      : publish,
    subscribe: (subscription) => log.subscribe(countedRecords(subscription, watching)),
    watermarks: (topic) => log.watermarks(topic),
    readAt: (topic, partition, offset) => log.readAt(topic, partition, offset),
    close: () => log.close(),
  };
};
