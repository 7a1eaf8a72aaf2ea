import { correlationIn, PublishRefused, PublishUnknown, type Log, type NewRecord } from '@linli/bus';
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

/** The log of one service, measured and traced. */
export const watchedLog = (log: Log, watching: Watching): Log => {
  const { service, system, meters, logger, tracing } = watching;
  const measured = async (topic: TopicSpec, records: readonly NewRecord[]): Promise<void> => {
    const labels = {
      service,
      messaging_system: system,
      messaging_destination_name: topic.name,
      messaging_operation_name: 'send',
      error_type: '',
    };
    const began = performance.now();
    try {
      await log.publish(topic, records);
    } catch (error) {
      labels.error_type = errorType(error);
      throw error;
    } finally {
      const ms = performance.now() - began;
      meters.messaging_client_operation_duration_seconds.observe(labels, ms / 1000);
      meters.messaging_client_sent_messages_total.inc(labels, records.length);
      if (logger.isLevelEnabled('debug')) {
        const line = { topic: topic.name, records: records.length, ms, requests: requestsIn(records) };
        logger.debug({ ...line, ...(labels.error_type !== '' && { error: labels.error_type }) }, 'published');
      }
    }
  };
  return {
    promises: log.promises,
    provision: (topics) => log.provision(topics),
    check: (topics) => log.check(topics),
    publish: (topic, records) =>
      tracing?.publish(topic.name, records, (own) => measured(topic, own)) ?? measured(topic, records),
    subscribe: (subscription) => {
      const labels = {
        service,
        messaging_system: system,
        messaging_destination_name: subscription.topic.name,
        messaging_consumer_group_name: subscription.group,
        messaging_operation_name: 'poll',
      };
      return log.subscribe({
        ...subscription,
        onAssigned: (assigned) => subscription.onAssigned(assigned),
        onRecords: (records, current) => {
          meters.messaging_client_consumed_messages_total.inc(labels, records.length);
          return subscription.onRecords(records, current);
        },
      });
    },
    watermarks: (topic) => log.watermarks(topic),
    readAt: (topic, partition, offset) => log.readAt(topic, partition, offset),
    close: () => log.close(),
  };
};
