import type { BusState } from '@linli/bus';
import { describe, expect, it } from '@jest/globals';
import type { ClockCount } from '@linli/deadlines';
import fastifyOf from 'fastify';
import { ProcessMetrics } from './process-metrics.js';
import { measureService } from './service-metrics.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const partition = {
  ...{ topic: 't', partition: 0, next: 4, high: 9, halted: null, pausedSince: null, lastProgressAt: null },
  behindSince: new Date('2026-11-23T11:59:30Z'),
};
const idle: BusState = {
  ...{ consumers: [partition], joining: ['u'], unstamped: 1, unpublished: 2, deadLetters: 3, parkedKeys: 4 },
  unsentSince: new Date('2026-11-23T11:59:55Z'),
  lastFault: null,
  tally: { conflicts: 1, duplicates: 2, healed: 3, retries: 4, setAside: 5, bisections: 6, transactions: 7 },
};

const counted = {
  ...{ armed: 70, overdue: 1, overdueMs: 9_000, undecided: 2, provisional: 3, alarmsLost: 4 },
};

const K_ACK: ClockCount = {
  clock: 'K_ACK',
  bands: { overdue: 1, under10: 0, under25: 2, under50: 0, rest: 9 },
  unescalated: 1,
};
let clocks: readonly ClockCount[] = [K_ACK];

const measured = (metrics: ProcessMetrics, name: string, state: () => Promise<BusState>) => {
  const fastify = fastifyOf();
  measureService(metrics, {
    ...{ name, fastify, bus: { state }, clock: { now: () => NOW } },
    database: { pools: () => [{ name: 'http', max: 10, idle: 1, used: 2, waiting: 3 }] },
    figures: () => Promise.resolve({ quarantined: 6 }),
    lacking: () => Promise.resolve({ thisYear: 0, nextYear: 8 }),
    deadlines: { figures: () => Promise.resolve(counted) },
    clocks: () => Promise.resolve(clocks),
  });
  return fastify;
};
const lines = async (metrics: ProcessMetrics, start: string): Promise<string[]> =>
  (await metrics.page()).split('\n').filter((line) => line.startsWith(start));

describe('the page of a process', () => {
  it('shows what the bus of a service does and what waits', async () => {
    const metrics = new ProcessMetrics();
    measured(metrics, 'risk', () => Promise.resolve(idle));
    const page = await metrics.page();
    for (const line of [
      'linli_consumer_lag_records{service="risk",topic="t",partition="0"} 5',
      'linli_consumer_lag_seconds{service="risk",topic="t",partition="0"} 30',
      'linli_consumer_joining{service="risk"} 1',
      'linli_relay_lag_rows{service="risk"} 2',
      'linli_relay_lag_seconds{service="risk"} 5',
      'linli_dead_letters{service="risk",state="open"} 3',
      'linli_parked_keys{service="risk"} 4',
      'linli_service_figures{service="risk",figure="quarantined"} 6',
      'linli_calendars_lacking{service="risk",year="this"} 0',
      'linli_calendars_lacking{service="risk",year="next"} 8',
      'linli_deadlines_armed{service="risk"} 70',
      'linli_deadlines_overdue{service="risk"} 1',
      'linli_deadlines_undecided{service="risk"} 2',
      'linli_deadlines_provisional{service="risk"} 3',
      'linli_alarms_lost_total{service="risk"} 4',
      'linli_sla_deadlines{service="risk",clock="K_ACK",band="overdue"} 1',
      'linli_sla_deadlines{service="risk",clock="K_ACK",band="under25"} 2',
      'linli_sla_deadlines{service="risk",clock="K_ACK",band="rest"} 9',
      'linli_sla_unescalated{service="risk",clock="K_ACK"} 1',
      'linli_consumer_healed_facts_total{service="risk"} 3',
      'linli_chunk_bisections_total{service="risk"} 6',
      'db_client_connection_count{service="risk",db_client_connection_pool_name="http",db_client_connection_state="used"} 2',
      'db_client_connection_pending_requests{service="risk",db_client_connection_pool_name="http"} 3',
    ]) {
      expect(page).toContain(`${line}\n`);
    }
    expect(page).toMatch(/nodejs_eventloop_delay_p99_seconds \d/u);
  });

  it('shows a clock of which all deadlines ended with none', async () => {
    const metrics = new ProcessMetrics();
    measured(metrics, 'risk', () => Promise.resolve(idle));
    await metrics.page();
    clocks = [];
    const page = await metrics.page();
    expect(page).toContain('linli_sla_deadlines{service="risk",clock="K_ACK",band="overdue"} 0\n');
    expect(page).toContain('linli_sla_unescalated{service="risk",clock="K_ACK"} 0\n');
    clocks = [K_ACK];
  });

  it('counts from what the bus counts, once, and drops partitions that went to another member', async () => {
    const metrics = new ProcessMetrics();
    let state = idle;
    measured(metrics, 'risk', () => Promise.resolve(state));
    await metrics.page();
    state = { ...idle, consumers: [], tally: { ...idle.tally, healed: 10 } };
    expect(await lines(metrics, 'linli_consumer_healed_facts_total')).toEqual([
      'linli_consumer_healed_facts_total{service="risk"} 10',
    ]);
    expect(await lines(metrics, 'linli_consumer_lag_records{')).toEqual([]);
  });

  it('holds all services of the process, and the last values of one whose database is away', async () => {
    const metrics = new ProcessMetrics();
    let away = false;
    measured(metrics, 'risk', () => (away ? Promise.reject(new Error('away')) : Promise.resolve(idle)));
    const gateway = measured(metrics, 'gateway', () => Promise.resolve({ ...idle, parkedKeys: 0 }));
    gateway.get('/v1/things/:id', () => 'a thing');
    await gateway.inject('/v1/things/7');
    await metrics.page();
    away = true;
    expect(await lines(metrics, 'linli_parked_keys')).toEqual([
      'linli_parked_keys{service="risk"} 4',
      'linli_parked_keys{service="gateway"} 0',
    ]);
    expect(await lines(metrics, 'http_server_request_duration_seconds_count')).toEqual([
      'http_server_request_duration_seconds_count{service="gateway",http_request_method="GET",http_route="/v1/things/:id",http_response_status_code="200"} 1',
    ]);
  });
});
