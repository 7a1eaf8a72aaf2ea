import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commandRecord, memoryLog, streamRecord, type Log } from '@linli/bus';
import {
  RISK_COMMANDS,
  RISK_INTAKE,
  type Command,
  type Outcome,
  type Principal,
  type Timeline,
  type Warning,
  type WarningPage,
} from '@linli/contracts';
import { systemClock, systemIds, systemRandom } from '@linli/kernel';
import {
  commandSigner,
  localSignals,
  PRINCIPAL_HEADER,
  secretsFrom,
  signPrincipal,
  startService,
  type Platform,
  type RunningService,
} from '@linli/service';
import { openDatabase } from '@linli/store';
import { embeddedDatabase, eventually } from '@linli/testing';
import { pino } from 'pino';
import { v4 } from 'uuid';
import { recompute } from './use-cases/recompute.js';
import { anEvent, aPrincipal, AREA, TENANT } from './risk.fixture.js';
import { risk } from './risk.js';

const secrets = secretsFrom('a master secret of a test, 32 characters and more');
let server: Awaited<ReturnType<typeof embeddedDatabase>>;
let service: RunningService;
let log: Log;

beforeAll(async () => {
  server = await embeddedDatabase();
  log = memoryLog({ clock: systemClock });
  const platform: Platform = {
    ...{ clock: systemClock, ids: systemIds, random: systemRandom, log, secrets, signals: localSignals() },
    logger: pino({ level: 'silent' }),
    openDatabase: (schema, migrations) =>
      openDatabase({ url: server.url, schema, migrations, allowUnsafe: true }),
  };
  service = await startService(risk, platform, { port: 0, host: '127.0.0.1', urlOf: () => '' });
});

afterAll(async () => {
  await service.stop();
  await server.stop();
});

const ask = (path: string, principal: Principal = aPrincipal(), headers: Record<string, string> = {}) =>
  fetch(`${service.url}/internal/${path}`, {
    headers: { ...headers, [PRINCIPAL_HEADER]: signPrincipal(secrets, principal) },
  });

const read = async <T>(path: string, principal?: Principal): Promise<T> =>
  (await (await ask(path, principal)).json()) as T;

const post = (events: readonly object[]) =>
  log.publish(RISK_INTAKE, [
    streamRecord(RISK_INTAKE, AREA, { tenant: TENANT, receivedAt: Date.now(), correlationId: 'c-1', events }),
  ]);

const now = (): number => Date.now();
const complaints = (n: number, prefix: string): object[] =>
  Array.from({ length: n }, (_, i) => anEvent({ id: `${prefix}-${i}`, occurredAt: now() }));

const order = async (type: string, aggregateId: string, data: object): Promise<Outcome> => {
  const at = new Date().toISOString();
  const command: Command = {
    ...{ commandId: v4(), type, version: 1, tenant: TENANT, aggregateId, principal: aPrincipal() },
    ...{ expectedVersion: null, requestHash: 'x', notAfter: '9999-01-01T00:00:00Z', acceptedAt: at },
    ...{ correlationId: 'c-1', causationId: null, hops: 0, data },
  };
  await log.publish(RISK_COMMANDS, [commandRecord(command, RISK_COMMANDS, commandSigner(secrets))]);
  return read<Outcome>(`outcomes/${command.commandId}?waitMs=20000`);
};

const raised = (): Promise<Warning> =>
  eventually(async () => (await read<WarningPage>('warnings?status=issued')).items[0] as Warning);

const raisedAtAll = async (): Promise<Warning> =>
  eventually(async () => (await read<WarningPage>('warnings')).items[0] as Warning);

describe('the risk service', () => {
  it('hears events from the log, warns, takes a command, and tells the story', async () => {
    const stream = await ask('warnings/stream');
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    await post(complaints(3, 'a'));
    const warning = await raised();
    expect(warning).toMatchObject({ category: 'DSP-04', colour: 'yellow', score: 43.8, version: 2 });

    const outcome = await order('risk.acknowledge-warning', warning.id, { note: '已联系' });
    expect(outcome).toMatchObject({ status: 'done', resource: { status: 'acknowledged', version: 3 } });
    expect(await read<Outcome>(`outcomes/${outcome.commandId}`)).toEqual(outcome);
    const stranger = aPrincipal({ tenant: 'xihu' });
    expect((await ask(`outcomes/${outcome.commandId}`, stranger)).status).toBe(204);

    const timeline = await read<Timeline>(`warnings/${warning.id}/timeline`);
    expect(timeline.items.map(({ version, actor, summary }) => [version, actor, summary])).toEqual([
      [1, 'system', 'Raised as yellow with score 43.8.'],
      [2, 'system', 'Issued as yellow.'],
      [3, 'k-street', 'Acknowledged.'],
    ]);
    expect(timeline.items[2]?.data).toEqual({ area: AREA, colour: 'yellow', note: '已联系' });

    const text = await heard(stream, 'linli.risk.warning.acked.v1');
    expect(text.match(/^event: .*$/gmu)).toEqual([
      'event: linli.risk.warning.candidate.v1',
      'event: linli.risk.warning.issued.v1',
      'event: linli.risk.warning.acked.v1',
    ]);
    const last = /^id: (.*)$/mu.exec(text)?.[1] ?? '';
    const again = await ask('warnings/stream', aPrincipal(), { 'last-event-id': last });
    expect((await heard(again, 'linli.risk.warning.acked.v1')).match(/^event: .*$/gmu)).toHaveLength(2);
  });

  it.each(['garbage', '1-2', `${'0-'.repeat(11)}99999`])(
    'refuses to continue a stream after %s, which is none of its ids',
    async (last) => {
      const answer = await ask('warnings/stream', aPrincipal(), { 'last-event-id': last });
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ code: 'RSK_LAST_EVENT_ID_INVALID' });
    },
  );

  it('sets a faulty event aside alone; its neighbours in the record are stored', async () => {
    await post([...complaints(1, 'good'), { id: 'bad' }, ...complaints(1, 'fine')]);
    await eventually(async () => (await ask('risk-events/petition/fine-0')).ok);
    expect((await ask('risk-events/petition/good-0')).status).toBe(200);
    expect((await ask('risk-events/petition/bad')).status).toBe(404);
  });

  it('answers nothing to who is not let in, and nothing of other areas and tenants', async () => {
    const { id } = await raisedAtAll();
    expect((await fetch(`${service.url}/internal/warnings`)).status).toBe(401);
    expect((await ask(`warnings/${id}`, aPrincipal({ areas: ['330106'] }))).status).toBe(404);
    expect((await ask(`warnings/${id}/explanation`, aPrincipal({ tenant: 'xihu' }))).status).toBe(404);
    expect((await ask(`warnings/${id}/timeline`, aPrincipal({ tenant: 'xihu' }))).status).toBe(404);
    expect((await ask(`warnings/${id}/explanation`)).status).toBe(200);
  });

  it.each([
    ['warnings?limit=0', 400],
    ['warnings?colour=blue', 400],
    ['warnings?cursor=xx', 400],
    ['warnings?nothing=1', 400],
    ['warnings/none', 404],
    ['risk-events/summary?from=yesterday', 400],
    ['risk-events/quarantine?limit=201', 400],
    ['outcomes/none', 204],
    [`outcomes/${v4()}`, 204],
  ])('answers %s with %i', async (path, status) => {
    expect((await ask(path)).status).toBe(status);
  });

  it('answers the list as GeoJSON', async () => {
    const response = await ask('warnings.geojson?area=330110');
    expect(response.headers.get('content-type')).toBe('application/geo+json; charset=utf-8');
    expect(await response.json()).toMatchObject({ type: 'FeatureCollection' });
  });

  it('can be recomputed from outside, by its URL', async () => {
    const rows = await recompute(server.url, { tenant: TENANT }, { allowUnsafe: true });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ equal }) => equal)).toBe(true);
  });
});

/** What a stream said until a word fell; leaves it then. */
async function heard(stream: Response, word: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of stream.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes(word) && text.endsWith('\n\n')) break;
  }
  return text;
}
