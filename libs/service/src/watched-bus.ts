import type { BusWatch, ChunkWork } from '@linli/bus';
import { requestsIn, type Watching } from './watched-log.js';

/** Measures, traces and notes what the bus of one service does. */
export const watchBus = ({ service, system, meters, logger, tracing }: Watching): BusWatch => {
  const note = ({ place, items, ...work }: ChunkWork, ms: number, error: unknown): void => {
    const records = work.records();
    const first = records[0]?.offset;
    const line = { ...place, from: first, to: records.at(-1)?.offset, items, ms: Math.round(ms) };
    const requests = requestsIn(records);
    // Whether it is retried, cut or set aside is said, louder, by who decides it.
    if (error === undefined) logger.debug({ ...line, requests }, 'handled');
    else logger.debug({ ...line, requests, err: error }, 'rolled back');
  };
  const measured = async <T>(work: ChunkWork, run: () => Promise<T>): Promise<T> => {
    const { place, items } = work;
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
        messaging_destination_name: place.topic,
        messaging_consumer_group_name: place.group,
        messaging_operation_name: 'process',
        error_type: fault === undefined ? '' : fault instanceof Error ? fault.name : 'OTHER',
      };
      meters.messaging_process_duration_seconds.observe(labels, ms / 1000);
      meters.linli_chunk_size_items.observe({ service, topic: place.topic }, items);
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
