import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@linli/testing';
import type { Client } from './client.js';
import { anEvent, freshArea } from './events.js';
import { modes, startSystem, type System } from './system.js';

interface WarningBody {
  id: string;
  status: string;
  colour: string;
  version: number;
  exercise: boolean;
}

describe.each(modes)('the life of a warning, %s', (mode) => {
  let system: System | null;
  let client: Client;

  beforeAll(async () => {
    system = await startSystem(mode);
    if (system) client = system.client;
  }, 120_000);
  afterAll(() => system?.stop());

  const test = (name: string, body: () => Promise<void>): void =>
    it(name, async () => {
      if (system) await body();
    });

  const inArea = (area: string, status: string): Promise<WarningBody> =>
    eventually(async () => {
      const { body } = await client.get<{ items: WarningBody[] }>(
        `/v1/warnings?area=${area}&status=${status}`,
      );
      if (!body.items[0]) throw new Error(`no ${status} warning yet`);
      return body.items[0];
    });

  test('leads from the signals over a plan and the police to monitoring, and back when a new signal comes', async () => {
    const area = freshArea();
    await client.post(
      '/v1/risk-events',
      [0, 0, 0].map((ageDays) => anEvent({ area, ageDays })),
    );
    const { id } = await inArea(area, 'issued');
    const tell = (verb: string, body: object) =>
      client.post<WarningBody & { code?: string }>(`/v1/warnings/${id}/${verb}`, body, { 'if-match': '*' });
    const due = new Date(Date.now() + 86_400_000).toISOString();
    expect((await tell('plan', { measures: ['talk'], people: ['Li'], due })).body.code).toBe('WRN_STATE');
    await tell('acknowledge', {});
    expect((await tell('escalate', {})).body.code).toBeUndefined();
    await tell('verify', { result: 'confirmed', evidence: 'seen' });
    expect(await tell('plan', { measures: [], people: ['Li'], due })).toMatchObject({
      status: 422,
      body: { code: 'WRN_PLAN_EMPTY' },
    });
    const told: [verb: string, body: object, status: string][] = [
      ['plan', { measures: ['talk'], people: ['Li'], due }, 'disposing'],
      ['update', { text: 'talked' }, 'disposing'],
      ['link', { kind: 'mediation', id: 'm-1' }, 'disposing'],
      ['hand-over', { body: 'police', reference: '110-1' }, 'external'],
      ['monitor', { evidence: 'the police settled it' }, 'monitoring'],
    ];
    for (const [verb, body, status] of told) {
      expect(await tell(verb, body)).toMatchObject({ status: 200, body: { id, status, colour: 'orange' } });
    }
    expect((await tell('close', { outcome: 'resolved' })).body.code).toBe('WRN_VISITS_DUE');
    await client.post('/v1/risk-events', anEvent({ area }));
    expect(await inArea(area, 'disposing')).toMatchObject({ id, colour: 'orange' });
    const timeline = await client.get<{ items: { type: string }[] }>(`/v1/warnings/${id}/timeline`);
    expect(timeline.body.items.map(({ type }) => type.split('.')[3])).toEqual([
      ...['candidate', 'issued', 'acked', 'escalated', 'verified', 'plan_set', 'updated', 'linked'],
      ...['handed_over', 'monitoring', 'reopened'],
    ]);
  });

  test('what is said about warnings taken together is answered: map, palette, sources, silences, accuracy', async () => {
    const area = freshArea();
    const outline = [
      [120, 30],
      [120.1, 30],
      [120.1, 30.1],
      [120, 30],
    ];
    const boundary = { type: 'Polygon', coordinates: [outline] };
    // The tenant `default` loads no areas: from the first on it would know no others.
    const { body: made } = await client.post<{ key: string }>('/v1/api-keys', {
      name: 'map',
      tenant: `map-${area}`,
      scopes: ['risk:write', 'risk:read', 'warnings:read', 'warnings:write', 'areas:write'],
    });
    const own = client.as(made.key);
    const loaded = await own.post('/v1/areas', { areas: [{ code: area, name: '良渚社区', boundary }] });
    expect(loaded).toMatchObject({ status: 200, body: { areas: 1 } });
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const silence = await own.post<{ id: string }>('/v1/risk/silences', { area, reason: '管道抢修', until });
    expect(silence).toMatchObject({ status: 200, body: { area, state: 'holds' } });
    expect((await own.post('/v1/risk/palette', { palette: 'red-yellow-blue' })).status).toBe(200);
    await own.post(
      '/v1/risk-events',
      [0, 0, 0].map((ageDays) => anEvent({ area, ageDays })),
    );
    await eventually(async () => {
      const { body } = await own.get<{ items: object[] }>('/v1/warnings');
      expect(body.items).toMatchObject([{ colourName: '蓝', silencedUntil: until }]);
      return body.items;
    });
    expect(await own.get('/v1/risk/map')).toMatchObject({
      status: 200,
      body: { features: [{ id: area, geometry: boundary, properties: { yellow: 1, colourName: '蓝' } }] },
    });
    expect((await own.get('/v1/risk/sources')).body).toMatchObject({ items: [{ silentSince: null }] });
    expect((await own.get('/v1/risk/credits')).body).toEqual({ items: [] });
    expect(await own.get('/v1/risk/accuracy')).toMatchObject({
      status: 200,
      body: { traditional: { precisionStrict: { of: 0, percent: null } } },
    });
    expect((await own.get('/v1/risk/second-looks')).body).toEqual({ items: [] });
    const look = { warning: '00000000-0000-4000-8000-000000000000', result: 'false', evidence: 'nothing' };
    expect((await own.post('/v1/risk/second-looks', look)).body).toMatchObject({
      code: 'RSK_SECOND_LOOK_NOT_FOUND',
    });
    const ended = await own.post(`/v1/risk/silences/${silence.body.id}/end`, {});
    expect(ended).toMatchObject({ status: 200, body: { state: 'ended' } });
    expect((await own.get('/v1/risk/silences')).body).toMatchObject({ items: [{ state: 'ended' }] });
  });

  test('an exercise is trained like the real thing, and counts nowhere', async () => {
    const area = freshArea();
    const signals = [1, 2, 3].map(() => anEvent({ area, exercise: true }));
    expect(await client.post('/v1/risk-events', [...signals, anEvent({ area })])).toMatchObject({
      status: 202,
    });
    const drill = await inArea(area, 'issued');
    expect(drill).toMatchObject({ colour: 'yellow', exercise: true });
    const listed = async (exercise: boolean) =>
      (await client.get<{ items: object[] }>(`/v1/warnings?area=${area}&exercise=${exercise}`)).body.items;
    expect([await listed(true), await listed(false)]).toEqual([[expect.anything()], []]);
    expect((await client.get(`/v1/warnings?exercise=perhaps`)).body).toMatchObject({ code: 'QUERY_INVALID' });
    const tell = (verb: string, body: object) =>
      client.post(`/v1/warnings/${drill.id}/${verb}`, body, { 'if-match': '*' });
    await tell('acknowledge', {});
    expect(await tell('verify', { result: 'false', evidence: 'played' })).toMatchObject({ status: 200 });
    const timeline = await client.get<{ items: { type: string }[] }>(`/v1/warnings/${drill.id}/timeline`);
    expect(timeline.body.items).toMatchObject([
      { type: 'linli.risk.warning.candidate.v2', data: { exercise: true } },
      ...['issued', 'acked', 'verified'].map((fact) => ({ type: `linli.risk.warning.${fact}.v2` })),
    ]);
    expect((await client.get(`/v1/risk/accuracy?area=${area}`)).body).toMatchObject({
      traditional: { counts: { falseAlarm: 0 } },
    });
  });

  test('what happened without a warning is recorded once, counts in recall, and can be withdrawn', async () => {
    const area = freshArea();
    const incident = {
      ...{ category: 'DSP-04', area, happenedAt: new Date().toISOString() },
      ...{ source: 'police', reference: `110-${area}` },
    };
    const record = (over: object = {}) =>
      client.post<{ id: string }>('/v1/risk/incidents', { ...incident, ...over });
    const made = await record();
    expect(made).toMatchObject({ status: 200, body: { area, warning: null, withdrawn: null } });
    expect(await record()).toMatchObject({ status: 409, body: { code: 'RSK_INCIDENT_KNOWN' } });
    expect(await record({ category: 'NOISE' })).toMatchObject({
      status: 422,
      body: { code: 'RSK_INCIDENT_INVALID', errors: [{ pointer: '/category' }] },
    });
    const recall = async () => (await client.get(`/v1/risk/accuracy?area=${area}`)).body['traditional'];
    expect(await recall()).toMatchObject({ counts: { incidents: 1 }, recall: { right: 0, of: 1 } });
    const withdrawn = await client.post(`/v1/risk/incidents/${made.body.id}/withdraw`, {
      reason: 'elsewhere',
    });
    expect(withdrawn).toMatchObject({ status: 200, body: { withdrawn: { reason: 'elsewhere' } } });
    expect(await recall()).toMatchObject({ counts: { incidents: 0 }, recall: { of: 0 } });
    expect((await client.get(`/v1/risk/incidents?area=${area}`)).body).toMatchObject({
      items: [{ id: made.body.id }],
      next: null,
    });
    expect((await client.post('/v1/risk/incidents/x/withdraw', { reason: 'x' })).status).toBe(404);
  });
});
