import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startWorld, type World } from './gateway.fixture.js';

let world: World;
beforeAll(async () => {
  world = await startWorld({ publishing: { requests: 3, bytes: 4 * 1024 * 1024, withinMs: 200 } });
});
afterAll(() => world.close());
beforeEach(() => {
  world.log.intake.length = 0;
  world.log.trouble = null;
});

const event = (over: object = {}): Record<string, unknown> => ({
  id: 'cam-7-000123',
  source: 'urban-brain',
  category: 'DSP-04',
  area: '330106003012',
  occurredAt: new Date(Date.now() - 60_000).toISOString(),
  ...over,
});
const events = () => world.log.intake.flatMap((record) => record.events);

describe('POST /v1/risk-events', () => {
  it('takes the event of the contract and sends it on, normalised', async () => {
    const response = await world.post('/v1/risk-events', {
      id: 'cam-7-000123',
      source: 'urban-brain',
      category: 'dsp.property_service',
      area: '330106003012',
      place: { grid: '330106003012-05', building: '12', point: [120.12, 30.27] },
      occurredAt: '2024-11-23T09:00:00+08:00',
      credibility: 0.8,
      severity: 1.0,
      confirmed: false,
      party: 'any stable text',
      vulnerable: false,
      triggers: ['gas_alarm'],
      text: 'free text',
      vendorField: { ignored: true },
    });
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({
      accepted: 1,
      rejected: 0,
      quarantined: 0,
      items: [{ index: 0, id: 'cam-7-000123', status: 'accepted' }],
    });
    const [record] = world.log.intake;
    expect(record).toMatchObject({
      tenant: 'default',
      correlationId: response.headers.get('x-correlation-id'),
    });
    expect(events()).toEqual([
      {
        id: 'cam-7-000123',
        source: 'urban-brain',
        category: 'DSP-04',
        area: '330106003012',
        grid: '330106003012-05',
        building: '12',
        dispute: null,
        point: [120.12, 30.27],
        occurredAt: Date.parse('2024-11-23T01:00:00Z'),
        credibility: 0.8,
        severity: 1,
        confirmed: false,
        party: expect.stringMatching(/^[0-9a-f]{32}$/u),
        vulnerable: false,
        triggers: ['gas_alarm'],
        text: expect.stringMatching(/^[\w-]+$/u),
        quarantine: null,
      },
    ]);
    expect(JSON.stringify(record)).not.toMatch(/any stable text|free text|vendorField/u);
  });

  it('answers 202 for a batch with bad items, each with its code and pointer', async () => {
    const response = await world.post('/v1/risk-events', [
      event(),
      event({ id: 'b', severity: 9 }),
      event({ id: 'c', occurredAt: undefined }),
      event({ id: 'd', occurredAt: new Date(Date.now() + 6 * 60_000).toISOString() }),
      event({ id: 'e', triggers: ['gas_alarm', 'nonsense'] }),
      event({ id: 'f', category: 'XXX-99' }),
      event({ id: 'g', area: '990106003012' }),
      'not an object',
      event({ id: 'i', text: 'half \ud800 a character' }),
      event({ id: 'j', extra: JSON.parse('['.repeat(30) + ']'.repeat(30)) }),
    ]);
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({
      accepted: 1,
      rejected: 7,
      quarantined: 2,
      items: [
        { index: 0, id: 'cam-7-000123', status: 'accepted' },
        expect.objectContaining({
          index: 1,
          id: 'b',
          status: 'rejected',
          code: 'RSK_FIELD_INVALID',
          pointer: '/severity',
        }),
        expect.objectContaining({ index: 2, code: 'RSK_FIELD_MISSING', pointer: '/occurredAt' }),
        expect.objectContaining({ index: 3, code: 'RSK_IN_FUTURE', pointer: '/occurredAt' }),
        expect.objectContaining({ index: 4, code: 'RSK_TRIGGER_UNKNOWN', pointer: '/triggers/1' }),
        expect.objectContaining({
          index: 5,
          status: 'quarantined',
          code: 'RSK_CATEGORY_UNKNOWN',
          pointer: '/category',
        }),
        expect.objectContaining({
          index: 6,
          status: 'quarantined',
          code: 'RSK_AREA_UNKNOWN',
          pointer: '/area',
        }),
        expect.objectContaining({
          index: 7,
          id: null,
          status: 'rejected',
          code: 'RSK_FIELD_INVALID',
          pointer: '',
        }),
        expect.objectContaining({ index: 8, code: 'RSK_FIELD_INVALID', pointer: '/text' }),
        expect.objectContaining({ index: 9, code: 'RSK_FIELD_INVALID', pointer: '/extra' }),
      ],
    });
    expect(events().map(({ id, quarantine }) => [id, quarantine])).toEqual(
      expect.arrayContaining([
        ['cam-7-000123', null],
        ['f', 'category'],
        ['g', 'area'],
      ]),
    );
  });

  it('answers 422 when no item is good, with what is wrong with each', async () => {
    const response = await world.post('/v1/risk-events', [event({ severity: 'high' })]);
    expect(response.status).toBe(422);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(await response.json()).toMatchObject({
      code: 'RSK_NONE_TAKEN',
      status: 422,
      accepted: 0,
      rejected: 1,
      items: [{ index: 0, code: 'RSK_FIELD_INVALID', pointer: '/severity' }],
    });
    expect(world.log.intake).toEqual([]);
  });

  it('takes NDJSON line by line', async () => {
    const lines = [JSON.stringify(event({ id: 'a' })), '{broken', '', JSON.stringify(event({ id: 'b' }))];
    const response = await world.post('/v1/risk-events', lines.join('\n'), {
      'content-type': 'application/x-ndjson',
    });
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({
      accepted: 2,
      items: [{ id: 'a' }, { index: 1, id: null, code: 'RSK_NOT_JSON' }, { index: 2, id: 'b' }],
    });
  });

  it('counts items by index and names a broken line of NDJSON by its number', async () => {
    const lines = ['', JSON.stringify(event({ id: 'a' })), '{broken', '\r'];
    const response = await world.post('/v1/risk-events', lines.join('\n'), {
      'content-type': 'application/x-ndjson',
    });
    expect(await response.json()).toMatchObject({
      items: [
        { index: 0, id: 'a' },
        { index: 1, detail: 'line 3 is not JSON' },
      ],
    });
  });

  it.each(['application/json', 'application/x-ndjson'])('skips a byte order mark in %s', async (type) => {
    const body = `\ufeff${JSON.stringify(event())}`;
    const response = await world.post('/v1/risk-events', body, { 'content-type': type });
    expect(await response.json()).toMatchObject({ accepted: 1, rejected: 0 });
  });

  it('says what is wrong with a field in words for people', async () => {
    const response = await world.post('/v1/risk-events', [event({ severity: 9 }), event()]);
    expect(await response.json()).toMatchObject({
      items: [{ detail: 'must be at most 1.5', pointer: '/severity' }, { status: 'accepted' }],
    });
  });

  it.each(['/v1/risk-events', '/v1/api-keys', `/v1/areas`])('takes no coded body at %s', async (path) => {
    const response = await world.post(path, {}, { 'content-encoding': 'gzip' });
    expect([response.status, response.headers.get('accept-encoding')]).toEqual([415, 'identity']);
    expect(await response.json()).toMatchObject({ code: 'CONTENT_ENCODING_UNSUPPORTED' });
  });

  it('takes NDJSON in UTF-8 only', async () => {
    const response = await world.post('/v1/risk-events', event(), {
      'content-type': 'application/x-ndjson; charset=gbk',
    });
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ code: 'CHARSET_UNSUPPORTED' });
  });

  it('takes CloudEvents: structured, batch and binary; their attributes fill what data leaves out', async () => {
    const { id, source, occurredAt, ...data } = event();
    const cloud = { specversion: '1.0', id, source, time: occurredAt, type: 'camera.risk', data };
    const post = (body: unknown, headers: Record<string, string>) =>
      world.post('/v1/risk-events', body, headers);
    const structured = await post(cloud, { 'content-type': 'application/cloudevents+json' });
    const batch = await post(
      [cloud, { ...cloud, id: undefined }, { ...cloud, data: { ...data, severity: 7 } }],
      {
        'content-type': 'application/cloudevents-batch+json; charset=utf-8',
      },
    );
    const binary = await post(data, {
      'ce-specversion': '1.0',
      'ce-id': 'cam%207',
      'ce-source': 'urban-brain',
      'ce-type': 'camera.risk',
      'ce-time': String(occurredAt),
    });
    expect([structured.status, batch.status, binary.status]).toEqual([202, 202, 202]);
    expect(await structured.json()).toMatchObject({ items: [{ id: 'cam-7-000123', status: 'accepted' }] });
    expect(await batch.json()).toMatchObject({
      accepted: 1,
      items: [
        { status: 'accepted' },
        { status: 'rejected', code: 'RSK_CLOUDEVENT_INVALID' },
        { status: 'rejected', code: 'RSK_FIELD_INVALID', pointer: '/data/severity' },
      ],
    });
    expect(await binary.json()).toMatchObject({ items: [{ id: 'cam 7', status: 'accepted' }] });
    expect(events()[0]).toMatchObject({ source: 'urban-brain', occurredAt: Date.parse(String(occurredAt)) });
  });

  it('takes events of an exercise, marked in their data or as an extension of CloudEvents', async () => {
    await world.post('/v1/risk-events', [event({ exercise: true }), event({ id: 'b', exercise: false })]);
    expect(events()).toEqual([
      expect.objectContaining({ id: 'cam-7-000123', exercise: true }),
      expect.not.objectContaining({ exercise: expect.anything() }),
    ]);
    const { id, source, occurredAt, ...data } = event();
    const cloud = { specversion: '1.0', id, source, time: occurredAt, type: 'camera.risk', data };
    const batch = await world.post(
      '/v1/risk-events',
      [
        { ...cloud, exercise: true },
        { ...cloud, exercise: true, data: { ...data, exercise: true } },
        { ...cloud, exercise: true, data: { ...data, exercise: false } },
        { ...cloud, exercise: 'perhaps' },
      ],
      { 'content-type': 'application/cloudevents-batch+json' },
    );
    expect(((await batch.json()) as { items: unknown[] }).items).toEqual([
      expect.objectContaining({ status: 'accepted' }),
      expect.objectContaining({ status: 'accepted' }),
      expect.objectContaining({ code: 'RSK_CLOUDEVENT_INVALID', pointer: '/exercise' }),
      expect.objectContaining({ code: 'RSK_FIELD_INVALID', pointer: '/data/exercise' }),
    ]);
    const headers = { 'ce-specversion': '1.0', 'ce-id': 'x', 'ce-source': 's', 'ce-type': 't' };
    await world.post('/v1/risk-events', event({ id: 'x' }), { ...headers, 'ce-exercise': 'true' });
    expect(events().slice(2)).toEqual(Array(3).fill(expect.objectContaining({ exercise: true })));
  });

  it.each([
    ['a body that is not JSON', '{', 'application/json', 400, 'RSK_BODY_NOT_JSON'],
    ['an empty body', '', 'application/json', 400, 'RSK_BODY_NOT_JSON'],
    ['another media type', 'a,b', 'text/csv', 415, 'MEDIA_TYPE_UNSUPPORTED'],
    [
      'more than 1,000 items',
      JSON.stringify(Array.from({ length: 1001 }, () => 1)),
      'application/json',
      413,
      'RSK_TOO_MANY_ITEMS',
    ],
    ['more than 1 MiB', ' '.repeat(1_048_577), 'application/json', 413, 'BODY_TOO_LARGE'],
  ])('refuses %s', async (_, body, type, status, code) => {
    const response = await world.post('/v1/risk-events', body, { 'content-type': type });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ status, code });
  });

  it('takes 1,000 items at once and packs them into records of at most 250', async () => {
    const many = Array.from({ length: 1000 }, (_, n) => event({ id: `e${n}`, area: `33010600300${n % 2}` }));
    const response = await world.post('/v1/risk-events', many);
    expect(await response.json()).toMatchObject({ accepted: 1000 });
    expect(world.log.intake.map((record) => record.events.length).reduce((a, b) => a + b)).toBe(1000);
    expect(Math.max(...world.log.intake.map((record) => record.events.length))).toBeLessThanOrEqual(250);
    expect(world.log.intake.length).toBeLessThanOrEqual(4);
  });

  it('maps what the tenant mapped, knows only the areas it loaded, and believes sources as it learned', async () => {
    const { key } = await world.newKey({ name: 'b', scopes: ['risk:write'], tenant: 'mapping-town' });
    world.risk.view = {
      categories: { 'their-code': 'FIR-01' },
      areas: { 'Old Street': '330106003012' },
      loadedAreas: ['330106003012'],
      credibilities: { petition: 0.75 },
    };
    const post = (over: object) => world.post('/v1/risk-events', event(over), {}, key);
    expect(await (await post({ category: 'their-code', area: 'Old Street' })).json()).toMatchObject({
      accepted: 1,
    });
    expect(events()[0]).toMatchObject({ category: 'FIR-01', area: '330106003012' });
    expect(await (await post({ area: '330106003013' })).json()).toMatchObject({ quarantined: 1 });
    expect(await (await post({ area: '330106003012005' })).json()).toMatchObject({ accepted: 1 });
    await post({ source: 'petition', area: '330106003012' });
    await post({ source: 'petition', area: '330106003012', credibility: 0.6 });
    await post({ source: 'police', area: '330106003012' });
    expect(
      events()
        .slice(-3)
        .map(({ credibility }) => credibility),
    ).toEqual([0.75, 0.6, 0.95]);
    world.risk.view = { categories: {}, areas: {}, loadedAreas: null, credibilities: {} };
  });

  it('goes on with the last known view while the risk service is away', async () => {
    const { key } = await world.newKey({ name: 'b', scopes: ['risk:write'], tenant: 'lonely-town' });
    world.risk.away = true;
    const response = await world.post('/v1/risk-events', event(), {}, key);
    expect(response.status).toBe(202);
    world.risk.away = false;
  });

  it('refuses events outside the areas of the key', async () => {
    const { key } = await world.newKey({ name: 'b', scopes: ['risk:write'], areas: ['330106'] });
    const response = await world.post(
      '/v1/risk-events',
      [event(), event({ id: 'x', area: '330107003012' })],
      {},
      key,
    );
    expect(await response.json()).toMatchObject({
      accepted: 1,
      items: [{}, { id: 'x', code: 'RSK_AREA_FORBIDDEN', pointer: '/area' }],
    });
  });

  it('hashes a party per tenant', async () => {
    const other = await world.newKey({ name: 'o', scopes: ['risk:write'], tenant: 'other-town' });
    await world.post('/v1/risk-events', [
      event({ party: 'Li' }),
      event({ party: 'Li' }),
      event({ party: 'Wu' }),
    ]);
    await world.post('/v1/risk-events', event({ party: 'Li' }), {}, other.key);
    const [one, two, three, four] = events().map(({ party }) => party);
    expect(one).toBe(two);
    expect(new Set([one, three, four]).size).toBe(3);
  });
});

describe('a log that is away', () => {
  it('is 503 within its deadline, and says that sending again is safe', async () => {
    world.log.trouble = () => new Promise(() => undefined);
    const before = Date.now();
    const response = await world.post('/v1/risk-events', event());
    expect(Date.now() - before).toBeLessThan(1500);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toMatch(/^[2-5]$/u);
    expect(await response.json()).toMatchObject({
      code: 'GTW_LOG_UNAVAILABLE',
      detail: expect.stringContaining('Sending the same events again is safe'),
    });
  });

  it('does not fill the memory: beyond the cap the answer is 503 at once', async () => {
    world.log.trouble = () => new Promise(() => undefined);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => world.post('/v1/risk-events', event())),
    );
    const codes = await Promise.all(
      answers.map(async (one) => ((await one.json()) as { code: string }).code),
    );
    expect(new Set(codes)).toEqual(new Set(['GTW_LOG_UNAVAILABLE', 'GTW_BUSY']));
  });
});
