import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@linli/testing';
import type { Client } from './client.js';
import { anEvent, freshArea } from './events.js';
import { modes, startSystem, type System } from './system.js';

interface WarningBody {
  id: string;
  category: string;
  area: string;
  scope: Record<string, string>;
  colour: string;
  score: number;
  status: string;
  version: number;
  issuedAt: string | null;
}
interface Page {
  items: WarningBody[];
  next: string | null;
}
interface Summary {
  stored: number;
  duplicates: number;
  quarantined: number;
  counting: number;
  lastReceivedAt: string | null;
}

describe.each(modes)('the risk warning journey, %s', (mode) => {
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

  const post = (events: unknown) => client.post('/v1/risk-events', events);
  const warningsOf = async (area: string): Promise<WarningBody[]> =>
    (await client.get<Page>(`/v1/warnings?area=${area}`)).body.items;
  const theWarning = (
    area: string,
    is: (warning: WarningBody) => boolean = () => true,
  ): Promise<WarningBody> =>
    eventually(async () => {
      const found = (await warningsOf(area)).find(is);
      if (!found) throw new Error('no such warning yet');
      return found;
    });
  const stored = (source: string, count: number): Promise<Summary> =>
    eventually(async () => {
      const { body } = await client.get<Summary>(`/v1/risk-events/summary?source=${source}`);
      expect(body.stored).toBe(count);
      return body;
    });

  /** Four real-name complaints aged 0, 1, 2 and 5 days: the worked example, 44.9 yellow. */
  const complaints = (area: string) => [0, 1, 2, 5].map((ageDays) => anEvent({ area, ageDays }));

  test('four complaints raise a yellow warning, issued by the system, that explains itself', async () => {
    const area = freshArea();
    const events = complaints(area);
    const accepted = await post(events);
    expect(accepted.status).toBe(202);
    expect(accepted.body).toEqual({
      accepted: 4,
      rejected: 0,
      quarantined: 0,
      items: events.map(({ id }, index) => ({ index, id, status: 'accepted' })),
    });
    const warning = await theWarning(area, ({ status, score }) => status === 'issued' && score > 44);
    expect(warning).toMatchObject({
      category: 'DSP-04',
      area,
      scope: { grid: `${area}-05` },
      colour: 'yellow',
      score: 44.9,
      version: 2,
    });
    const explained = await client.get<{
      score: number;
      weightedSum: number;
      recomputed: { score: number; equal: boolean };
      events: { counted: boolean }[];
      lowering: string[];
    }>(`/v1/warnings/${warning.id}/explanation`);
    expect(explained.status).toBe(200);
    expect(explained.body.score).toBe(44.9);
    expect(explained.body.weightedSum).toBeCloseTo(1.492, 2);
    expect(explained.body.recomputed).toEqual({ score: 44.9, equal: true });
    expect(explained.body.events.filter(({ counted }) => counted)).toHaveLength(4);
    expect(explained.body.lowering.length).toBeGreaterThan(0);
    const timeline = await client.get<{ items: { type: string }[] }>(`/v1/warnings/${warning.id}/timeline`);
    expect(timeline.body.items.map(({ type }) => type)).toEqual([
      'linli.risk.warning.candidate.v1',
      'linli.risk.warning.issued.v1',
    ]);
  });

  test('a duplicate changes nothing and is counted', async () => {
    const area = freshArea();
    const source = `dup-${area}`;
    const events: Record<string, unknown>[] = complaints(area).map((event) => ({ ...event, source }));
    await post(events);
    await stored(source, 4);
    const before = await theWarning(area);
    await post(events);
    await post([...events].reverse());
    const summary = await eventually(async () => {
      const { body } = await client.get<Summary>(`/v1/risk-events/summary?source=${source}`);
      expect(body.duplicates).toBe(8);
      return body;
    });
    expect(summary).toMatchObject({ stored: 4, quarantined: 0, counting: 4 });
    expect(await warningsOf(area)).toEqual([before]);
    const fate = await client.get<{
      status: string;
      counts: boolean;
      duplicates: number;
      warning: { id: string };
    }>(`/v1/risk-events/${source}/${String(events[0]?.['id'])}`);
    expect(fate.body).toMatchObject({
      status: 'stored',
      counts: true,
      duplicates: 2,
      warning: { id: before.id },
    });
  });

  test('an officer acknowledges: If-Match is required, a stale one refused, a repeated key answered again', async () => {
    const area = freshArea();
    await post(complaints(area));
    const warning = await theWarning(area, ({ status }) => status === 'issued');
    const path = `/v1/warnings/${warning.id}/acknowledge`;
    const etag = `"${warning.version}"`;
    const none = await client.post(path, { note: 'on my way' }, { 'idempotency-key': `a-${area}` });
    expect(none.status).toBe(428);
    const stale = await client.post(path, {}, { 'idempotency-key': `b-${area}`, 'if-match': '"1"' });
    expect(stale.status).toBe(412);
    expect(stale.headers.get('content-type')).toContain('application/problem+json');
    const headers = { 'idempotency-key': `c-${area}`, 'if-match': etag };
    const done = await client.post<WarningBody>(path, { note: 'on my way' }, headers);
    expect(done.status).toBe(200);
    expect(done.body).toMatchObject({ id: warning.id, status: 'acknowledged', version: 3 });
    expect(done.headers.get('etag')).toBe('"3"');
    const again = await client.post<WarningBody>(path, { note: 'on my way' }, headers);
    expect(again.status).toBe(200);
    expect(again.body).toEqual(done.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const other = await client.post(path, { note: 'another body' }, headers);
    expect(other.status).toBe(422);
    const twice = await client.post(path, {}, { 'idempotency-key': `d-${area}`, 'if-match': '"3"' });
    expect(twice.status).toBe(409);
    expect(twice.body['code']).toBe('WRN_STATE');
  });

  test('respond-async answers 202 at once, and the operation tells the end', async () => {
    const area = freshArea();
    await post(complaints(area));
    const warning = await theWarning(area, ({ status }) => status === 'issued');
    const async = await client.post(
      `/v1/warnings/${warning.id}/acknowledge`,
      {},
      {
        'if-match': `"${warning.version}"`,
        prefer: 'respond-async',
      },
    );
    expect(async.status).toBe(202);
    const location = async.headers.get('location') ?? '';
    expect(location).toMatch(/^\/v1\/operations\//u);
    await eventually(async () => {
      const operation = await client.get(location);
      expect(operation.status).toBe(200);
      expect(operation.body).toMatchObject({ status: 'done' });
      return true;
    });
    expect((await client.get('/v1/operations/not-a-token')).status).toBe(404);
  });

  test('a gas alarm makes a red candidate at once; the duty officer issues it, the owner acknowledges, another verifies', async () => {
    const area = freshArea();
    await post(anEvent({ area, category: 'INF-01', triggers: ['gas_alarm'], confirmed: true }));
    const candidate = await theWarning(area);
    expect(candidate).toMatchObject({ colour: 'red', status: 'candidate', version: 1, issuedAt: null });
    const duty = await client.withKey(
      'duty officer',
      ['warnings:read', 'warnings:write'],
      [area.slice(0, 6)],
    );
    const site = await client.withKey('on site', ['warnings:read', 'warnings:write'], [area.slice(0, 9)]);
    const path = `/v1/warnings/${candidate.id}`;
    const issued = await duty.post<WarningBody>(`${path}/issue`, {}, { 'if-match': '"1"' });
    expect(issued.body).toMatchObject({ status: 'issued', version: 2 });
    const community = await client.withKey('community', ['warnings:read', 'warnings:write'], [area]);
    const low = await community.post(`${path}/acknowledge`, {}, { 'if-match': '"2"' });
    expect(low.status).toBe(403);
    expect(low.body['code']).toBe('WRN_NOT_OWNER');
    const acknowledged = await duty.post<WarningBody>(`${path}/acknowledge`, {}, { 'if-match': '"2"' });
    expect(acknowledged.body).toMatchObject({ status: 'acknowledged', version: 3 });
    const blank = await site.post(
      `${path}/verify`,
      { result: 'confirmed', evidence: ' ' },
      { 'if-match': '"3"' },
    );
    expect(blank.body['code']).toBe('WRN_EVIDENCE');
    const verified = await site.post<WarningBody>(
      `${path}/verify`,
      { result: 'confirmed', evidence: 'smell of gas in the stairwell, valve closed' },
      { 'if-match': '"3"' },
    );
    expect(verified.body).toMatchObject({ status: 'confirmed', version: 4 });
  });

  test('an unknown category waits in quarantine and is replayed after mapping', async () => {
    const area = freshArea();
    const source = `quarantine-${area}`;
    const category = `vendor-${area}`;
    const receipt = await post(complaints(area).map((event) => ({ ...event, source, category })));
    expect(receipt.status).toBe(202);
    expect(receipt.body).toMatchObject({ accepted: 0, rejected: 0, quarantined: 4 });
    await eventually(async () => {
      const { body } = await client.get<Summary>(`/v1/risk-events/summary?source=${source}`);
      expect(body).toMatchObject({ stored: 0, quarantined: 4 });
      return true;
    });
    const list = await client.get<{ unknown: unknown[] }>('/v1/risk-events/quarantine');
    expect(list.body.unknown).toContainEqual({ field: 'category', value: category, events: 4 });
    const replay = await client.post('/v1/risk-events/quarantine/replay', {
      categories: { [category]: 'DSP-04' },
      source,
    });
    expect(replay.status).toBe(200);
    expect(replay.body).toMatchObject({ replayed: 4 });
    expect(await theWarning(area)).toMatchObject({ category: 'DSP-04', colour: 'yellow' });
    await stored(source, 4);
  });

  test('refusals are per item, whole-body faults are whole', async () => {
    const area = freshArea();
    const good = anEvent({ area });
    const mixed = await post([
      good,
      anEvent({ area, severity: 9 }),
      anEvent({ area, occurredAt: '2999-01-01T00:00:00Z' }),
    ]);
    expect(mixed.status).toBe(202);
    expect(mixed.body).toMatchObject({ accepted: 1, rejected: 2 });
    expect((mixed.body['items'] as Record<string, unknown>[])[1]).toMatchObject({
      index: 1,
      status: 'rejected',
      code: expect.stringMatching(/^RSK_/u),
      pointer: '/severity',
    });
    expect((await post([anEvent({ area, severity: 9 })])).status).toBe(422);
    expect((await post('{"id":')).status).toBe(400);
    const many = Array.from({ length: 1001 }, () => good);
    expect((await post(many)).status).toBe(413);
    expect(
      (await client.call('GET', '/v1/warnings', { headers: { authorization: 'Bearer nobody' } })).status,
    ).toBe(401);
  });

  test('a platform sees only its own area', async () => {
    const area = freshArea();
    await post(complaints(area));
    const warning = await theWarning(area);
    const neighbour = await client.withKey(
      'neighbour',
      ['warnings:read', 'warnings:write', 'risk:write', 'risk:read'],
      ['330107'],
    );
    expect((await neighbour.get<Page>('/v1/warnings')).body.items).toEqual([]);
    expect((await neighbour.get(`/v1/warnings/${warning.id}`)).status).toBe(404);
    expect((await neighbour.get(`/v1/warnings/${warning.id}/explanation`)).status).toBe(404);
    const act = await neighbour.post(`/v1/warnings/${warning.id}/acknowledge`, {}, { 'if-match': '*' });
    expect(act.status).toBe(404);
    const outside = await neighbour.post('/v1/risk-events', [anEvent({ area })]);
    expect(outside.status).toBe(422);
    const reader = await client.withKey('reader', ['warnings:read']);
    expect((await reader.post('/v1/risk-events', anEvent({ area }))).status).toBe(403);
  });

  test('the stream tells a warning, and resumes after Last-Event-ID', async () => {
    const area = freshArea();
    const first = await firstOf(client, area, undefined, () => post(complaints(area)));
    expect(first.data).toMatchObject({ area });
    const rest = await firstOf(client, area, first.id, () => Promise.resolve());
    expect(rest.id).not.toBe(first.id);
    expect(rest.data).toMatchObject({ area });
  });

  test('the map is GeoJSON', async () => {
    const area = freshArea();
    await post(
      complaints(area).map((event) => ({ ...event, place: { grid: `${area}-05`, point: [120.12, 30.27] } })),
    );
    await theWarning(area);
    const map = await client.get<{ type: string; features: { geometry: unknown }[] }>(
      `/v1/warnings.geojson?area=${area}`,
    );
    expect(map.headers.get('content-type')).toContain('application/geo+json');
    expect(map.body.type).toBe('FeatureCollection');
    expect(map.body.features[0]?.geometry).toEqual({ type: 'Point', coordinates: [120.12, 30.27] });
  });
});

/** Opens the stream, does `act`, and answers the first message about the area. */
const firstOf = async (
  client: Client,
  area: string,
  after: string | undefined,
  act: () => Promise<unknown>,
): Promise<{ id: string; data: Record<string, unknown> }> => {
  const ending = new AbortController();
  const response = await fetch(`${client.url}/v1/warnings/stream`, {
    headers: { authorization: `Bearer ${client.key}`, ...(after ? { 'last-event-id': after } : {}) },
    signal: ending.signal,
  });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  await act();
  let text = '';
  try {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (const message of text.split('\n\n').slice(0, -1)) {
        const id = /^id: ?(.*)$/mu.exec(message)?.[1];
        const data = /^data: ?(.*)$/mu.exec(message)?.[1];
        if (id && data?.includes(area)) return { id, data: JSON.parse(data) as Record<string, unknown> };
      }
    }
    throw new Error(`the stream ended: ${text}`);
  } finally {
    ending.abort();
  }
};
