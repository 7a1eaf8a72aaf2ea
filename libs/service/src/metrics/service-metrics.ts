import type { Bus, BusState, Tally } from '@linli/bus';
import { slaBands } from '@linli/contracts';
import { within, type Clock } from '@linli/kernel';
import type { Database } from '@linli/store';
import type { FastifyInstance } from 'fastify';
import type { Lacking } from '../calendars/lacking.js';
import type { MetricName } from './definitions.js';
import type { ServiceParts } from '../service.js';
import type { LookAtClocks } from '../sla/sla-watch.js';
import type { Meters, ProcessMetrics } from './process-metrics.js';

const LOOK_UP_WITHIN_MS = 1000;

const countRequests = (service: string, fastify: FastifyInstance, meters: Meters): void => {
  const duration = meters.http_server_request_duration_seconds;
  const active = meters.http_server_active_requests;
  active.set({ service }, 0);
  fastify.addHook('onRequest', (_request, reply, done) => {
    active.inc({ service });
    reply.raw.once('close', () => active.dec({ service }));
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const labels = {
      service,
      http_request_method: request.method,
      http_route: request.routeOptions.url ?? 'unknown',
      http_response_status_code: reply.statusCode,
    };
    duration.observe(labels, reply.elapsedTime / 1000);
    done();
  });
};

const counted = {
  conflicts: 'linli_consumer_conflicts_total',
  duplicates: 'linli_consumer_duplicates_total',
  healed: 'linli_consumer_healed_facts_total',
  retries: 'linli_consumer_retries_total',
  setAside: 'linli_consumer_set_aside_total',
  bisections: 'linli_chunk_bisections_total',
  transactions: 'linli_chunk_transactions_total',
} as const satisfies Record<keyof Tally, MetricName>;

/** The bus counts since its start; Prometheus gets what was added since the last look. */
const tallying = (service: string, meters: Meters): ((tally: Readonly<Tally>) => void) => {
  const seen = new Map<string, number>();
  return (tally) => {
    for (const [what, name] of Object.entries(counted)) {
      const count = tally[what as keyof Tally];
      meters[name].inc({ service }, count - (seen.get(what) ?? 0));
      seen.set(what, count);
    }
  };
};

const ageOf = (since: Date | null, now: Date): number =>
  since === null ? 0 : Math.max(0, (now.getTime() - since.getTime()) / 1000);

/** Shows where each partition held here stands; those that went to another member leave the page. */
const showingConsumers = (service: string, meters: Meters) => {
  const { linli_consumer_lag_records: records, linli_consumer_lag_seconds: seconds } = meters;
  const { linli_consumer_halted: halted, linli_consumer_paused: paused } = meters;
  let shown: readonly { service: string; topic: string; partition: number }[] = [];
  return ({ consumers, joining }: BusState, now: Date): void => {
    for (const gone of shown) for (const gauge of [records, seconds, halted, paused]) gauge.remove(gone);
    shown = consumers.map(({ topic, partition, next, high, behindSince, ...one }) => {
      const labels = { service, topic, partition };
      records.set(labels, Math.max(0, high - next));
      seconds.set(labels, ageOf(behindSince, now));
      halted.set(labels, one.halted === null ? 0 : 1);
      paused.set(labels, one.pausedSince === null ? 0 : 1);
      return labels;
    });
    meters.linli_consumer_joining.set({ service }, joining.length);
  };
};

const showBus = (service: string, meters: Meters, bus: Pick<Bus, 'state'>, clock: Clock) => {
  const tally = tallying(service, meters);
  const showConsumers = showingConsumers(service, meters);
  return async (): Promise<void> => {
    const state = await within(LOOK_UP_WITHIN_MS, bus.state());
    const now = clock.now();
    tally(state.tally);
    showConsumers(state, now);
    meters.linli_journal_unstamped_rows.set({ service }, state.unstamped);
    meters.linli_relay_lag_rows.set({ service }, state.unpublished);
    meters.linli_relay_lag_seconds.set({ service }, ageOf(state.unsentSince, now));
    meters.linli_parked_keys.set({ service }, state.parkedKeys);
    meters.linli_dead_letters.set({ service, state: 'open' }, state.deadLetters);
  };
};

const showPools = (service: string, meters: Meters, database: Pick<Database, 'pools'>): void => {
  for (const { name, max, idle, used, waiting } of database.pools()) {
    const labels = { service, db_client_connection_pool_name: name };
    meters.db_client_connection_count.set({ ...labels, db_client_connection_state: 'idle' }, idle);
    meters.db_client_connection_count.set({ ...labels, db_client_connection_state: 'used' }, used);
    meters.db_client_connection_max.set(labels, max);
    meters.db_client_connection_pending_requests.set(labels, waiting);
  }
};

export interface Measured {
  readonly name: string;
  /** Null where there are no calendars. */
  readonly lacking: (() => Promise<Lacking>) | null;
  /** What the service itself counts. */
  readonly figures: () => Promise<Readonly<Record<string, number>>>;
  readonly fastify: FastifyInstance;
  readonly bus: Pick<Bus, 'state'> | null;
  readonly database: Pick<Database, 'pools'>;
  readonly clock: Clock;
  readonly deadlines: Pick<NonNullable<ServiceParts['deadlines']>, 'figures'> | null;
  /** Null where there are no deadlines. */
  readonly clocks: LookAtClocks | null;
}

const showCalendars = async (service: string, meters: Meters, look: Measured['lacking']): Promise<void> => {
  if (look === null) return;
  const { thisYear, nextYear } = await within(LOOK_UP_WITHIN_MS, look());
  meters.linli_calendars_lacking.set({ service, year: 'this' }, thisYear);
  meters.linli_calendars_lacking.set({ service, year: 'next' }, nextYear);
};

const showFigures = async (service: string, meters: Meters, figures: Measured['figures']): Promise<void> => {
  for (const [figure, count] of Object.entries(await within(LOOK_UP_WITHIN_MS, figures()))) {
    meters.linli_service_figures.set({ service, figure }, count);
  }
};

const showDeadlines = (service: string, meters: Meters, deadlines: Measured['deadlines']) => {
  let lost = 0;
  return async (): Promise<void> => {
    if (deadlines === null) return;
    const seen = await within(LOOK_UP_WITHIN_MS, deadlines.figures());
    meters.linli_deadlines_armed.set({ service }, seen.armed);
    meters.linli_deadlines_overdue.set({ service }, seen.overdue);
    meters.linli_deadlines_undecided.set({ service }, seen.undecided);
    meters.linli_deadlines_provisional.set({ service }, seen.provisional);
    meters.linli_alarms_lost_total.inc({ service }, seen.alarmsLost - lost);
    lost = seen.alarmsLost;
  };
};

/** A clock that has no open deadline any more is shown with none. */
const showClocks = (service: string, meters: Meters, look: Measured['clocks']) => {
  const nothing = Object.fromEntries(slaBands.map((band) => [band, 0]));
  const shown = new Set<string>();
  return async (): Promise<void> => {
    if (look === null) return;
    const seen = new Map((await within(LOOK_UP_WITHIN_MS, look())).map((one) => [one.clock, one]));
    for (const clock of seen.keys()) shown.add(clock);
    for (const clock of shown) {
      const { bands = nothing, unescalated = 0 } = seen.get(clock) ?? {};
      for (const [band, count] of Object.entries(bands))
        meters.linli_sla_deadlines.set({ service, clock, band }, count);
      meters.linli_sla_unescalated.set({ service, clock }, unescalated);
    }
  };
};

/** Puts a service on the page of its process: its requests, its bus, its connections. */
export const measureService = (metrics: ProcessMetrics, service: Measured): void => {
  const { name, fastify, bus, database, clock, figures, lacking, deadlines, clocks } = service;
  countRequests(name, fastify, metrics.meters);
  const lookAtDeadlines = showDeadlines(name, metrics.meters, deadlines);
  const lookAtClocks = showClocks(name, metrics.meters, clocks);
  const look = bus ? showBus(name, metrics.meters, bus, clock) : () => Promise.resolve();
  metrics.refreshWith(name, () => {
    showPools(name, metrics.meters, database);
    const looks = [
      look(),
      showFigures(name, metrics.meters, figures),
      showCalendars(name, metrics.meters, lacking),
      lookAtDeadlines(),
      lookAtClocks(),
    ];
    return Promise.all(looks).then(() => undefined);
  });
};
