import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openLogger, readConfig } from '@linli/service';
import { BOOTSTRAP_KEY, embeddedDatabase, eventually } from '@linli/testing';
import { Pool } from 'pg';
import { serviceNames, startLinli, type Linli } from '../start-linli.js';
import { Client } from './client.js';
import { startCollector, type Collector, type Span } from './collector.js';
import { anEvent, freshArea } from './events.js';
import { groundOf, modes, type Ground } from './system.js';

interface Line {
  readonly service?: string;
  readonly msg?: string;
  readonly correlationId?: string;
  readonly requests?: readonly string[];
}
interface Warning {
  readonly id: string;
  readonly colour: string;
  readonly version: number;
}

const SERVER = 2;
const PRODUCER = 4;
const CONSUMER = 5;

describe.each(modes)('what an operator sees of a request, %s', (mode) => {
  const lines: Line[] = [];
  let ground: Ground | null;
  let collector: Collector;
  let linli: Linli;
  let client: Client;
  let postgres: Awaited<ReturnType<typeof embeddedDatabase>> | null;
  let pool: Pool;

  beforeAll(async () => {
    ground = await groundOf(mode);
    if (!ground) return;
    collector = await startCollector();
    postgres = mode === 'embedded' ? await embeddedDatabase() : null;
    const databaseUrl = postgres?.url ?? ground.environment['DATABASE_URL'] ?? '';
    pool = new Pool({ connectionString: databaseUrl, max: 2 });
    pool.on('error', () => undefined); // the server may stop before the last connection has said goodbye
    process.env['OTEL_BSP_SCHEDULE_DELAY'] = '100';
    const config = readConfig(
      { ...ground.environment, DATABASE_URL: databaseUrl, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
      serviceNames,
    );
    const write = (line: string): void => void lines.push(JSON.parse(line) as Line);
    linli = await startLinli(config, { logger: openLogger('debug', { write }), allowUnsafe: true });
    client = new Client(linli.url ?? '', BOOTSTRAP_KEY);
  }, 120_000);
  afterAll(async () => {
    if (!ground) return;
    await linli.stop();
    await pool.end();
    await postgres?.stop();
    collector.close();
    await ground.stop();
    delete process.env['OTEL_BSP_SCHEDULE_DELAY'];
  });

  const test = (name: string, body: () => Promise<void>): void =>
    it(
      name,
      async () => {
        if (ground) await body();
      },
      60_000,
    );

  const raised = (area: string): Promise<Warning> =>
    eventually(async () => {
      const { body } = await client.get<{ items: Warning[] }>(`/v1/warnings?area=${area}`);
      const [warning] = body.items;
      if (!warning) throw new Error('no warning yet');
      return warning;
    });
  const complaints = (area: string) => [0, 1, 2, 5].map((ageDays) => anEvent({ area, ageDays }));
  const told = (service: string, correlationId: string): Set<string | undefined> =>
    new Set(
      lines
        .filter((line) => line.service === service)
        .filter((line) => line.correlationId === correlationId || line.requests?.includes(correlationId))
        .map((line) => line.msg),
    );
  const spans = (is: (span: Span) => boolean): Promise<Span> =>
    eventually(() => {
      const found = collector.spans.find(is);
      if (!found) throw new Error('no such span yet');
      return found;
    });

  test('one correlation id leads from the request over the log to the journal of the warning', async () => {
    const correlationId = `request-${freshArea()}`;
    const area = freshArea();
    const answer = await client.post('/v1/risk-events', complaints(area), {
      'x-correlation-id': correlationId,
    });
    expect([answer.status, answer.headers.get('x-correlation-id')]).toEqual([202, correlationId]);
    const { id } = await raised(area);
    const journal = await eventually(async () => {
      const { rows } = await pool.query<{ correlation_id: string }>(
        "select correlation_id from risk.journal where aggregate_id = $1 and kind = 'fact'",
        [id],
      );
      expect(rows.length).toBeGreaterThan(0);
      return rows;
    });
    expect(new Set(journal.map((row) => row.correlation_id))).toEqual(new Set([correlationId]));
    await eventually(() => {
      expect([...told('gateway', correlationId)]).toEqual(expect.arrayContaining(['published', 'answered']));
      expect([...told('risk', correlationId)]).toEqual(
        expect.arrayContaining(['handled', 'handling', 'published']),
      );
      return true;
    });
  });

  test('a request that says no id of its own is called by its trace', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c';
    const answer = await client.get('/v1/warnings', { traceparent: `00-${trace}-b7ad6b7169203331-01` });
    expect(answer.headers.get('x-correlation-id')).toBe(trace);
  });

  test('the trace of a command reaches its handler, and what it tells is sent on in it', async () => {
    const area = freshArea();
    await client.post('/v1/risk-events', complaints(area));
    const { id } = await eventually(async () => {
      const warning = await raised(area);
      expect(warning.version).toBe(2);
      return warning;
    });
    const trace = '11111111111111112222222222222222';
    const answer = await client.post(
      `/v1/warnings/${id}/acknowledge`,
      {},
      { 'if-match': '"2"', traceparent: `00-${trace}-b7ad6b7169203331-01` },
    );
    expect(answer.status).toBe(200);
    const own = (service: string, kind: number) => (span: Span) =>
      span.traceId === trace && span.service === service && span.kind === kind;
    const server = await spans(own('gateway', SERVER));
    const producer = await spans(own('gateway', PRODUCER));
    const handler = await spans((span) => own('risk', CONSUMER)(span) && span.name.startsWith('handle '));
    expect(server).toMatchObject({ parentSpanId: 'b7ad6b7169203331' });
    expect(producer).toMatchObject({ name: 'send linli.risk.commands.v1', parentSpanId: server.spanId });
    expect(handler).toMatchObject({
      name: 'handle risk.acknowledge-warning',
      parentSpanId: producer.spanId,
    });
    const chunk = await spans(({ spanId }) => spanId === handler.links?.[0]?.spanId);
    expect(chunk).toMatchObject({ service: 'risk', name: 'process linli.risk.commands.v1' });
    expect(chunk.links).toContainEqual(expect.objectContaining({ traceId: trace, spanId: producer.spanId }));
    const relay = await spans(
      ({ service, name, links }) =>
        service === 'risk' &&
        name === 'send linli.risk.warnings.v1' &&
        (links ?? []).some(({ spanId }) => spanId === handler.spanId),
    );
    expect(relay.kind).toBe(PRODUCER);
  });

  test('the page of the process shows every service in it, at each of its ports', async () => {
    for (const { url } of linli.services) {
      const page = await (await fetch(`${url}/metrics`)).text();
      for (const start of [
        'http_server_request_duration_seconds_count{service="gateway"',
        'messaging_client_operation_duration_seconds_count{service="gateway"',
        'messaging_process_duration_seconds_count{service="risk"',
        'messaging_client_consumed_messages_total{service="risk"',
        'linli_outcomes_total{service="risk",status="done"}',
        'db_client_connection_count{service="gateway"',
        'linli_relay_lag_seconds{service="risk"} 0',
      ]) {
        expect(page).toContain(start);
      }
      expect(page).toContain(`messaging_system="${mode === 'real' ? 'kafka' : 'postgresql'}"`);
    }
  });
});
