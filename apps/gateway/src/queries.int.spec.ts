import { get } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BOOTSTRAP, startWorld, type World } from './gateway.fixture.js';

const ID = '5b2c7f6e-7c1e-5d52-9a3d-0d8a0c6f8a11';
let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.risk.away = false;
  world.risk.routes.clear();
  world.risk.asked.length = 0;
  world.risk.principals.length = 0;
});

const code = async (response: Response) => ((await response.json()) as { code: string }).code;

/** Sends a path as it is; `fetch` would resolve its dots first. */
const unresolved = (path: string): Promise<{ status: number | undefined; text: string }> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(world.url);
    get({ hostname, port, path, headers: { authorization: `Bearer ${BOOTSTRAP}` } }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    }).on('error', reject);
  });

describe('a query', () => {
  it('is passed to the owner with the principal, and its answer back', async () => {
    world.risk.says('/internal/warnings', 200, { items: [], next: null });
    const { key } = await world.newKey({ name: 'n', scopes: ['warnings:read'], areas: ['330106'] });
    const response = await world.ask(
      '/v1/warnings?area=330106&colour=red&status=issued&group=DSP&since=2026-11-23T09:00:00+08:00&limit=20',
      { key },
    );
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ items: [], next: null });
    expect(world.risk.asked).toEqual([
      '/internal/warnings?area=330106&colour=red&status=issued&group=DSP&since=2026-11-23T01%3A00%3A00.000Z&limit=20',
    ]);
    expect(world.risk.principals[0]).toMatchObject({ tenant: 'default', areas: ['330106'] });
  });

  it.each([
    ['limit=0', '/limit'],
    ['limit=201', '/limit'],
    ['limit=1e2', '/limit'],
    ['colour=blue', '/colour'],
    ['colour=red&colour=yellow', '/colour'],
    ['area=33x', '/area'],
    ['since=yesterday', '/since'],
    ['since=2026', '/since'],
    ['since=0000-01-01T00:00:00Z', '/since'],
    ['color=red', '/color'],
    ['cursor=%00', '/cursor'],
  ])('with %s is refused before anybody is asked', async (query, pointer) => {
    const response = await world.ask(`/v1/warnings?${query}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'QUERY_INVALID', errors: [{ pointer }] });
    expect(world.risk.asked).toEqual([]);
  });

  it('gets the refusal of the owner as it is', async () => {
    world.risk.says(`/internal/warnings/${ID}`, 404, { status: 404, code: 'WRN_NOT_FOUND', detail: 'none' });
    const response = await world.ask(`/v1/warnings/${ID}`);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect([response.status, await code(response)]).toEqual([404, 'WRN_NOT_FOUND']);
  });

  it.each([
    ['is away', () => (world.risk.away = true)],
    ['has a fault', () => world.risk.says('/internal/warnings', 500, {})],
  ])('is 503 with Retry-After when the owner %s', async (_, happen) => {
    happen();
    const response = await world.ask('/v1/warnings');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await code(response)).toBe('GTW_OWNER_UNAVAILABLE');
  });

  it('of one warning has its version as ETag, and is whole although that is known: the score moves', async () => {
    world.risk.says(`/internal/warnings/${ID}`, 200, { id: ID, version: 3, score: 40 });
    const first = await world.ask(`/v1/warnings/${ID}`);
    expect(first.headers.get('etag')).toBe('"3"');
    expect(await first.json()).toEqual({ id: ID, version: 3, score: 40 });
    world.risk.says(`/internal/warnings/${ID}`, 200, { id: ID, version: 3, score: 41 });
    for (const known of ['"3"', 'W/"3"', '*']) {
      const again = await world.ask(`/v1/warnings/${ID}`, { headers: { 'if-none-match': known } });
      expect([again.status, again.headers.get('etag')]).toEqual([200, '"3"']);
      expect(await again.json()).toEqual({ id: ID, version: 3, score: 41 });
    }
  });

  it('never leaves the place it is meant for', async () => {
    world.risk.says('/internal/intake-view', 200, { secret: true });
    for (const path of [
      '%2e%2e/intake-view',
      '../intake-view',
      '%2E%2E/%2E%2E',
      'a/%2e%2e',
      './intake-view',
    ]) {
      const { status, text } = await unresolved(`/v1/risk-events/${path}`);
      expect([path, status]).toEqual([path, 404]);
      expect(text).not.toContain('secret');
    }
    expect(world.risk.asked).toEqual([]);
    expect((await world.ask('/v1/warnings/..%2fintake-view')).status).toBe(404);
  });

  it('keeps odd characters of an id', async () => {
    world.risk.says('/internal/risk-events/a%2Fb%20c/%E5%8D%83%3F', 200, { id: '千?' });
    expect(await (await world.ask('/v1/risk-events/a%2Fb%20c/%E5%8D%83%3F')).json()).toEqual({ id: '千?' });
  });

  it('of the catalogue is answered here', async () => {
    const { key } = await world.newKey({ name: 'n', scopes: ['risk:write'] });
    const categories = (await (await world.ask('/v1/risk-categories', { key })).json()) as {
      items: unknown[];
    };
    const triggers = (await (await world.ask('/v1/risk-triggers', { key })).json()) as {
      items: { name: string }[];
    };
    expect(categories.items).toHaveLength(98);
    expect(triggers.items.map(({ name }) => name)).toContain('gas_alarm');
  });
});

describe('the stream', () => {
  const reading = async (response: Response, until: string): Promise<string> => {
    let seen = '';
    for await (const chunk of response.body ?? []) {
      seen += new TextDecoder().decode(chunk as Uint8Array);
      if (seen.includes(until)) {
        break;
      }
    }
    return seen;
  };

  it('passes events and Last-Event-ID, and ends when the owner ends', async () => {
    let lastSeen: unknown;
    let asked: unknown;
    world.risk.routes.set('/internal/warnings/stream', (request, response) => {
      lastSeen = request.headers['last-event-id'];
      asked = request.url;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('id: 8\nda');
      response.end('ta: {"id":"w"}\n\n');
    });
    const response = await world.ask('/v1/warnings/stream?exercise=false', {
      headers: { 'last-event-id': '7' },
    });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.text()).toBe(': welcome\n\nid: 8\ndata: {"id":"w"}\n\n');
    expect(lastSeen).toBe('7');
    expect(asked).toBe('/internal/warnings/stream?exercise=false');
    expect((await world.ask('/v1/warnings/stream?exercise=maybe')).status).toBe(400);
  });

  it('is 400 when the owner refuses Last-Event-ID, 503 when it refuses anything else', async () => {
    const refusal = { title: 'Bad Request', status: 400, detail: 'That event is not ours.', type: '-' };
    world.risk.says('/internal/warnings/stream', 400, { ...refusal, code: 'RSK_LAST_EVENT_ID_INVALID' });
    const ask = () => world.ask('/v1/warnings/stream', { headers: { 'last-event-id': 'x' } });
    const response = await ask();
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({
        status: 400,
        code: 'RSK_LAST_EVENT_ID_INVALID',
        detail: 'That event is not ours.',
        correlationId: response.headers.get('x-correlation-id'),
      }),
    ]);
    world.risk.says('/internal/warnings/stream', 400, { ...refusal, code: 'SOMETHING_ELSE' });
    const other = await ask();
    expect([other.status, await code(other)]).toEqual([503, 'GTW_OWNER_UNAVAILABLE']);
    world.risk.routes.set('/internal/warnings/stream', (_request, answer) => answer.writeHead(400).end('{'));
    expect((await ask()).status).toBe(503);
  });

  it('ends when its key is revoked', async () => {
    world.risk.routes.set('/internal/warnings/stream', (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('id: 1\ndata: {}\n\n');
    });
    const { id, key } = await world.newKey({ name: 'n', scopes: ['warnings:read'] });
    const response = await world.ask('/v1/warnings/stream', { key });
    await world.ask(`/v1/api-keys/${id}`, { method: 'DELETE' });
    expect(await reading(response, 'never')).toContain('data: {}');
  });

  it('does not hold up the stop of the gateway', async () => {
    const other = await startWorld();
    other.risk.routes.set('/internal/warnings/stream', (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('id: 1\ndata: {}\n\n');
    });
    const response = await other.ask('/v1/warnings/stream');
    const before = Date.now();
    await other.close();
    expect(Date.now() - before).toBeLessThan(5000);
    expect(await reading(response, 'never')).toContain('data: {}');
  });
});
