import { connect } from 'node:net';
import type { Log } from '@linli/bus';
import type { Principal } from '@linli/contracts';
import { refuse, Refused, systemClock, systemIds, systemRandom } from '@linli/kernel';
import type { Database, Transaction } from '@linli/store';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import {
  Caller,
  localSignals,
  queryPipe,
  secretsFrom,
  signPrincipal,
  startService,
  zodPipe,
  type Platform,
  type RunningService,
  type ServiceDefinition,
} from './index.js';
import { openLogger } from './logger.js';

const secrets = secretsFrom('a master secret of a test, 32 characters and more');
const world = { databaseAway: false, events: [] as string[], logged: [] as string[] };
let release = (): void => undefined;
const held = new Promise<void>((resolve) => (release = resolve));
let entered = (): void => undefined;
const inside = new Promise<void>((resolve) => (entered = resolve));

const answer = (): Promise<never[]> =>
  world.databaseAway
    ? Promise.reject(Object.assign(new Error('connect failed'), { code: 'ECONNREFUSED' }))
    : Promise.resolve([]);
const connection: Transaction = { query: answer, execute: async () => (await answer()).length };
const database: Database = {
  schema: 'probe',
  transaction: (_pool, work) => work(connection),
  connection: () => connection,
  readAs: (_principal, work) => work(connection),
  pools: () => [{ name: 'http', max: 10, idle: 1, used: 2, waiting: 3 }],
  close: () => Promise.resolve(void world.events.push('database closed')),
};
const platform: Platform = {
  clock: systemClock,
  ids: systemIds,
  random: systemRandom,
  log: {} as Log,
  signals: localSignals(),
  secrets,
  logger: openLogger('error', { write: (line: string) => void world.logged.push(line) }),
  openDatabase: () => Promise.resolve(database),
};

const Thing = z.object({ name: z.string().max(5), size: z.number().optional() }).strict();

@Controller('internal')
class Probe {
  @Get('who')
  who(
    @Caller() caller: Principal,
    @Query(queryPipe(z.object({ limit: z.string().optional() }))) query: object,
  ) {
    return { keyId: caller.keyId, query };
  }

  @Post('things')
  thing(@Body(zodPipe(Thing)) body: z.infer<typeof Thing>) {
    return body;
  }

  @Get('refused')
  refused() {
    throw new Refused(refuse('PROBE_STALE', 'stale', 'Somebody was faster.'));
  }

  @Get('fault')
  fault() {
    throw new TypeError('secret detail of a fault');
  }

  @Get('needs-database')
  async needsDatabase() {
    return connection.query('select 1');
  }

  @Get('slow')
  async slow() {
    entered();
    await held;
    world.events.push('slow answered');
    return { slow: true };
  }
}

class ProbeModule {}
const definition: ServiceDefinition = {
  name: 'probe',
  schema: 'probe',
  migrations: [],
  consumes: [],
  tells: [],
  module: () => ({ module: ProbeModule, controllers: [Probe] }),
};

const principal: Principal = {
  tenant: 'default',
  keyId: 'k1',
  name: 'probe',
  scopes: ['risk:read'],
  areas: null,
};
let service: RunningService;
const signed = (): Record<string, string> => ({ 'linli-principal': signPrincipal(secrets, principal) });
const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(service.url + path, {
    ...init,
    headers: { ...signed(), ...(init.headers as Record<string, string>) },
  });
const post = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json'): Promise<Response> =>
  ask('/internal/things', { method: 'POST', body, headers: { 'content-type': type } });
const raw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1', () => socket.write(text));
    let seen = '';
    socket.on('data', (chunk) => (seen += chunk.toString()));
    socket.on('close', () => resolve(seen));
    socket.on('error', reject);
  });

const problemIn = async (response: Response) => {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const body = (await response.json()) as {
    status: number;
    code: string;
    errors?: { pointer: string; code: string }[];
  };
  expect(body.status).toBe(response.status);
  return body;
};

beforeAll(async () => {
  service = await startService(definition, platform, {
    port: 0,
    host: '127.0.0.1',
    urlOf: () => 'http://127.0.0.1:1',
  });
});
afterAll(() => service.stop());
beforeEach(() => {
  world.databaseAway = false;
  world.logged.length = 0;
});

describe('a service', () => {
  it('answers a signed principal', async () => {
    const response = await ask('/internal/who?limit=3');
    expect(await response.json()).toEqual({ keyId: 'k1', query: { limit: '3' } });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none'; frame-ancestors 'none'",
    );
    expect(response.headers.get('x-powered-by')).toBeNull();
  });

  it.each([
    ['none', {}],
    ['garbage', { 'linli-principal': 'abc' }],
    ['one of another key', { 'linli-principal': signPrincipal(secretsFrom('x'.repeat(32)), principal) }],
    [
      'one older than a minute',
      { 'linli-principal': signPrincipal(secrets, principal, Date.now() - 61_000) },
    ],
  ])('refuses a principal that is %s, before it reads the body', async (_, headers) => {
    const response = await fetch(`${service.url}/internal/things`, {
      method: 'POST',
      body: '{',
      headers: { ...headers, 'content-type': 'application/json' },
    });
    expect(response.status).toBe(401);
    expect((await problemIn(response)).code).toBe('UNAUTHENTICATED');
  });

  it('keeps the correlation id of a caller, and makes one otherwise', async () => {
    const given = await ask('/internal/who', { headers: { 'x-correlation-id': 'trace-7' } });
    expect(given.headers.get('x-correlation-id')).toBe('trace-7');
    const made = await ask('/internal/who', { headers: { 'x-correlation-id': 'not allowed!' } });
    expect(made.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/u);
  });
});

describe('a wrong request', () => {
  it.each([
    ['not JSON', '{', 400, 'BODY_NOT_JSON'],
    ['empty', '', 400, 'BODY_NOT_JSON'],
    ['nested 21 deep', '['.repeat(21) + ']'.repeat(21), 400, 'BODY_HOSTILE'],
    ['holding __proto__', '{"name":"a","__proto__":{"x":1}}', 400, 'BODY_HOSTILE'],
    ['holding an escaped __proto__', '{"\\u005f_proto__":1}', 400, 'BODY_HOSTILE'],
    ['holding U+0000', '{"name":"a\\u0000"}', 422, 'BODY_INVALID'],
    ['holding half a character', '{"name":"\\ud800"}', 422, 'BODY_INVALID'],
    ['larger than 256 kB', `{"name":"${'a'.repeat(262_144)}"}`, 413, 'BODY_TOO_LARGE'],
  ])('with a body %s is answered once and clearly', async (_, body, status, code) => {
    const response = await post(body);
    expect(response.status).toBe(status);
    expect((await problemIn(response)).code).toBe(code);
  });

  it('with bytes that are not UTF-8 is refused, not repaired', async () => {
    const response = await post(new Uint8Array([0x22, 0xff, 0x22]));
    expect((await problemIn(response)).code).toBe('BODY_NOT_JSON');
  });

  it('may begin with a byte order mark', async () => {
    const response = await post('\ufeff{"name":"a"}');
    expect([response.status, await response.json()]).toEqual([201, { name: 'a' }]);
  });

  it.each(['gzip', 'br', 'gzip, identity'])(
    'with a body coded %s is 415 before it is read',
    async (coding) => {
      const response = await ask('/internal/things', {
        method: 'POST',
        body: '{"name":"a"}',
        headers: { 'content-type': 'application/json', 'content-encoding': coding },
      });
      expect([response.status, response.headers.get('accept-encoding')]).toEqual([415, 'identity']);
      expect(await problemIn(response)).toMatchObject({
        code: 'CONTENT_ENCODING_UNSUPPORTED',
        detail: `Bodies coded as ${coding} are not taken here: send it uncompressed, without Content-Encoding.`,
      });
    },
  );

  it('may say that its body is not coded', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'Identity' };
    const response = await ask('/internal/things', { method: 'POST', body: '{"name":"a"}', headers });
    expect([response.status, await response.json()]).toEqual([201, { name: 'a' }]);
  });

  it.each(['iso-8859-1', '"GBK"', 'utf-16'])('in the charset %s is 415', async (charset) => {
    const response = await post('{"name":"a"}', `application/json; charset=${charset}`);
    expect(response.status).toBe(415);
    expect(await problemIn(response)).toMatchObject({
      code: 'CHARSET_UNSUPPORTED',
      detail: `Text in ${charset.replaceAll('"', '')} is not taken here: send it as UTF-8.`,
    });
  });

  it.each(['UTF-8', '"utf-8"', 'us-ascii', 'utf8'])('in the charset %s is taken', async (charset) => {
    const response = await post('{"name":"a"}', `application/json; charset=${charset}`);
    expect([response.status, await response.json()]).toEqual([201, { name: 'a' }]);
  });

  it('names every flaw by its pointer', async () => {
    const { errors } = await problemIn(await post('{"name":"too long","other/one":1}'));
    expect(errors).toEqual([
      expect.objectContaining({ pointer: '/name', code: 'INVALID' }),
      expect.objectContaining({ pointer: '/other~1one', code: 'UNKNOWN' }),
    ]);
    const missing = await problemIn(await post('{}'));
    expect(missing.errors).toEqual([{ pointer: '/name', code: 'MISSING', detail: 'is required' }]);
  });

  it('with an unknown query parameter is refused', async () => {
    const response = await ask('/internal/who?limti=3');
    expect(response.status).toBe(400);
    expect((await problemIn(response)).errors).toEqual([
      { pointer: '/limti', code: 'UNKNOWN', detail: 'is not a field here' },
    ]);
  });

  it.each([
    ['another media type', 'text/plain', 415],
    ['a form', 'application/x-www-form-urlencoded', 415],
  ])('with %s is 415', async (_, type, status) => {
    const response = await post('x', type);
    expect(response.status).toBe(status);
    expect((await problemIn(response)).code).toBe('MEDIA_TYPE_UNSUPPORTED');
  });

  it('to no route is 404, with another method 405 and the methods that are allowed', async () => {
    expect((await problemIn(await ask('/internal/nothing'))).code).toBe('ROUTE_NOT_FOUND');
    const response = await ask('/internal/things', { method: 'DELETE' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect((await problemIn(response)).code).toBe('METHOD_NOT_ALLOWED');
  });

  it('with a broken percent-encoding is 400', async () => {
    expect((await problemIn(await ask('/internal/%zz'))).code).toBe('URL_MALFORMED');
  });

  it('with headers over 16 kB is 431', async () => {
    const seen = await raw(`GET / HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`);
    expect(seen).toMatch(/^HTTP\/1\.1 431 /u);
    expect(seen).toContain('"code":"HEADERS_TOO_LARGE"');
  });

  it('that is no HTTP is 400', async () => {
    expect(await raw('hello there\r\n\r\n')).toContain('"code":"HTTP_MALFORMED"');
  });
});

describe('an error', () => {
  it('of the domain has the status of its kind', async () => {
    const response = await ask('/internal/refused');
    expect(response.status).toBe(412);
    expect(await response.json()).toMatchObject({
      type: '/problems/PROBE_STALE',
      title: 'Precondition Failed',
      code: 'PROBE_STALE',
      detail: 'Somebody was faster.',
    });
  });

  it('of ours is 500, tells nothing and is logged with its cause', async () => {
    const response = await ask('/internal/fault', { headers: { 'x-correlation-id': 'trace-8' } });
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'INTERNAL', correlationId: 'trace-8' });
    expect(text).not.toContain('secret detail');
    expect(world.logged.join('')).toContain('secret detail');
  });

  it('of the database is 503 with Retry-After', async () => {
    world.databaseAway = true;
    const response = await ask('/internal/needs-database');
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect((await problemIn(response)).code).toBe('UNAVAILABLE');
  });
});

describe('health', () => {
  it('is open to everybody, and only that is', async () => {
    for (const [path, status] of [
      ['/livez', 200],
      ['/readyz', 200],
      ['/metrics', 200],
      ['/internal/who', 401],
    ] as const) {
      const response = await fetch(service.url + path);
      expect([path, response.status]).toEqual([path, status]);
      await response.text();
    }
  });

  it('is not ready without the database, with the reason, yet alive', async () => {
    world.databaseAway = true;
    const ready = await fetch(`${service.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: 'not ready', reasons: ['database: connect failed'] });
    expect((await fetch(`${service.url}/livez`)).status).toBe(200);
  });

  it('measures requests by route', async () => {
    await ask('/internal/who');
    const page = await (await fetch(`${service.url}/metrics`)).text();
    const counts = page
      .split('\n')
      .filter((line) => line.startsWith('http_server_request_duration_seconds_count{'))
      .filter((line) => line.includes('http_route="/internal/who"') && line.includes('code="200"'));
    expect(counts).toEqual([expect.stringMatching(/service="probe".* [1-9][0-9]*$/u)]);
    expect(page).toContain('process_cpu_user_seconds_total');
  });
});

describe('stopping', () => {
  it('answers what is in the air, then closes the database, and a second stop is the same one', async () => {
    const slow = ask('/internal/slow');
    await inside;
    const stop = service.stop();
    expect(service.stop()).toBe(stop);
    release();
    expect(await (await slow).json()).toEqual({ slow: true });
    await stop;
    expect(world.events).toEqual(['slow answered', 'database closed']);
    await expect(fetch(`${service.url}/livez`)).rejects.toThrow('fetch failed');
  });
});
