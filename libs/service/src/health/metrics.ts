import type { Bus, BusState } from '@linli/bus';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

const durations = (fastify: FastifyInstance, register: Registry): void => {
  const histogram = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Duration of HTTP requests.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: SECONDS,
    registers: [register],
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    histogram.observe(
      {
        http_request_method: request.method,
        http_route: request.routeOptions.url ?? 'unknown',
        http_response_status_code: reply.statusCode,
      },
      reply.elapsedTime / 1000,
    );
    done();
  });
};

/** The bus counts since its start; Prometheus gets what was added since the last look. */
const tallyCounter = (register: Registry): ((tally: BusState['tally']) => void) => {
  const counter = new Counter({
    name: 'linli_bus_events_total',
    help: 'What happened to the consumers: conflicts, duplicates, healed, retries, setAside, transactions.',
    labelNames: ['what'],
    registers: [register],
  });
  const seen = new Map<string, number>();
  return (tally) => {
    for (const [what, count] of Object.entries(tally)) {
      counter.inc({ what }, count - (seen.get(what) ?? 0));
      seen.set(what, count);
    }
  };
};

const busGauges = (bus: Bus, register: Registry): (() => Promise<void>) => {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers: [register] });
  const place = ['topic', 'partition'];
  const lag = gauge(
    'linli_consumer_lag_records',
    'Records between the consumer and the end of the log.',
    place,
  );
  const halted = gauge(
    'linli_consumer_halted',
    '1 when a partition was stopped until somebody looks.',
    place,
  );
  const counts = {
    unstamped: gauge('linli_journal_unstamped', 'Facts that have no number yet.'),
    unpublished: gauge('linli_journal_unpublished', 'Facts that have a number and were not sent yet.'),
    deadLetters: gauge('linli_dead_letters', 'Messages set aside as unreadable or faulty.'),
    parkedKeys: gauge('linli_parked_keys', 'Aggregates whose commands wait for an operator.'),
  };
  const happened = tallyCounter(register);
  return async () => {
    const state = await bus.state();
    happened(state.tally);
    for (const consumer of state.consumers) {
      const labels = { topic: consumer.topic, partition: consumer.partition };
      lag.set(labels, Math.max(0, consumer.high - consumer.next));
      halted.set(labels, consumer.halted === null ? 0 : 1);
    }
    for (const name of ['unstamped', 'unpublished', 'deadLetters', 'parkedKeys'] as const) {
      counts[name].set(state[name]);
    }
  };
};

export interface Metrics {
  readonly register: Registry;
  /** The page that Prometheus reads. */
  page(): Promise<string>;
}

/** Metrics of one service: its process, its requests, its bus. */
export const metricsOf = (service: string, fastify: FastifyInstance, bus: Bus | null): Metrics => {
  const register = new Registry();
  register.setDefaultLabels({ service });
  collectDefaultMetrics({ register });
  durations(fastify, register);
  const refresh = bus ? busGauges(bus, register) : () => Promise.resolve();
  return {
    register,
    async page() {
      // Without a database the bus gauges keep their last values; the page must still be served.
      await refresh().catch(() => undefined);
      return register.metrics();
    },
  };
};
