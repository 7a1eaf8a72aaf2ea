import type { BusWatch, ChunkWork } from '@linli/bus';
import { requestsIn, type Watching } from './watched-log.js';

const lineOf = (work: ChunkWork, ms: number) => {
  const { group, topic, partitions, items } = work;
  const records = work.records();
  const offsets = { from: records[0]?.offset, to: records.at(-1)?.offset };
  return {
    ...{ group, topic, partitions, items, ms: Math.round(ms), requests: requestsIn(records) },
    ...(partitions.length === 1 && offsets),
  };
};

/** Measures, traces and notes what the bus of one service does. */
export const watchBus = ({ service, system, meters, logger, tracing }: Watching): BusWatch => {
  const note = (work: ChunkWork, ms: number, error: unknown): void => {
    // Whether it is retried, cut or set aside is said, louder, by who decides it.
    if (error === undefined) logger.debug(lineOf(work, ms), 'handled');
    else logger.debug({ ...lineOf(work, ms), err: error }, 'rolled back');
  };
  const measured = async <T>(work: ChunkWork, run: () => Promise<T>): Promise<T> => {
    const { group, topic, items } = work;
    const began = performance.now();
    let fault: unknown;
    try {
      return await run();
    } catch (error) {
      fault = error ?? 'nothing';
      throw error;
    } finally {
      const ms = performance.now() - began;
      const labels = {
        service,
        messaging_system: system,
        messaging_destination_name: topic,
        messaging_consumer_group_name: group,
        messaging_operation_name: 'process',
        error_type: fault === undefined ? '' : fault instanceof Error ? fault.name : 'OTHER',
      };
      meters.messaging_process_duration_seconds.observe(labels, ms / 1000);
      meters.linli_chunk_size_items.observe({ service, topic }, items);
      if (logger.isLevelEnabled('debug')) note(work, ms, fault);
    }
  };
  return {
    chunk: (work, run) => {
      const all = () => measured(work, run);
      return tracing?.chunk(work, all) ?? all();
    },
    handler: (work, run) => {
      const { type, correlationId } = work;
      if (logger.isLevelEnabled('debug')) logger.debug({ type, correlationId }, 'handling');
      return tracing?.handler(work, run) ?? run();
    },
    committed: (outcomes) => {
      for (const { status } of outcomes) meters.linli_outcomes_total.inc({ service, status });
    },
    traceparent: () => tracing?.traceparent() ?? null,
  };
};
