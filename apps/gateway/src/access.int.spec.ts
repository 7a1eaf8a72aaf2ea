import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { routeOf } from './api/operation.js';
import { BOOTSTRAP, startWorld, type World } from './gateway.fixture.js';
import { operations } from './index.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const code = async (response: Response) => ((await response.json()) as { code: string }).code;
const wanted = { name: 'a district', scopes: ['risk:write', 'keys:write'], areas: ['330106'] };

/** Written out: what anybody may ask without a key. */
const open = ['/', '/livez', '/readyz', '/metrics', '/openapi.json', '/docs', '/docs/', '/docs/{file}'];

describe('without a valid key', () => {
  const filled = (path: string): string =>
    path.replaceAll(/\{[a-z]+\}/gu, '5b2c7f6e-7c1e-5d52-9a3d-0d8a0c6f8a11');
  const flipped = (key: string): string => key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');

  it('every operation is 401, but those open to everybody', async () => {
    const { key } = await world.newKey(wanted);
    for (const authorization of ['', 'Bearer nonsense', `Basic ${BOOTSTRAP}`, `Bearer ${flipped(key)}`]) {
      for (const { method, path } of operations) {
        const response = await fetch(world.url + filled(path), {
          method,
          headers: authorization ? { authorization } : {},
          ...(method === 'POST' ? { body: '{' } : {}),
        });
        await response.text();
        const expected = open.includes(path) ? expect.not.stringMatching('401') : '401';
        expect([path, String(response.status)]).toEqual([path, expected]);
        if (response.status === 401) {
          expect(response.headers.get('www-authenticate')).toContain('Bearer');
        }
      }
    }
  });

  it('a revoked and an expired key are refused', async () => {
    const { id, key } = await world.newKey(wanted);
    expect((await world.ask('/v1/api-keys', { key })).status).toBe(200);
    expect((await world.ask(`/v1/api-keys/${id}`, { method: 'DELETE' })).status).toBe(204);
    const revoked = await world.ask('/v1/api-keys', { key });
    expect([revoked.status, await code(revoked)]).toEqual([401, 'GTW_KEY_INVALID']);
    const past = await world.post('/v1/api-keys', { ...wanted, expiresAt: '2020-01-01T00:00:00Z' });
    expect([past.status, await code(past)]).toEqual([422, 'GTW_EXPIRY_PAST']);
  });
});

describe('a key', () => {
  it('is stored as a MAC only, and its secret is shown once', async () => {
    const { id, key } = await world.newKey(wanted);
    expect(key).toMatch(/^lk_[0-9a-f]{16}_[\w-]{51}$/u);
    const list = (await (await world.ask('/v1/api-keys')).json()) as { items: { id: string }[] };
    const mine = list.items.find((one) => one.id === id);
    expect(mine).toEqual({
      id,
      name: 'a district',
      tenant: 'default',
      scopes: ['risk:write', 'keys:write'],
      areas: ['330106'],
      createdAt: expect.any(String),
      expiresAt: null,
      revokedAt: null,
    });
    expect(JSON.stringify(list)).not.toContain(key.slice(-20));
  });

  it('does only what its scopes say, and is told which one it lacks', async () => {
    const { key } = await world.newKey({ name: 'n', scopes: ['warnings:read'] });
    const response = await world.post('/v1/risk-events', {}, {}, key);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({
      code: 'GTW_SCOPE_MISSING',
      detail: expect.stringContaining('risk:write'),
    });
  });

  it.each([
    ['a scope it lacks', { name: 'x', scopes: ['ops'] }, 'GTW_SCOPE_EXCEEDED'],
    ['areas beyond its own', { name: 'x', scopes: ['risk:write'], areas: ['33'] }, 'GTW_AREA_EXCEEDED'],
    ['another tenant', { name: 'x', scopes: ['risk:write'], tenant: 'elsewhere' }, 'GTW_TENANT_FORBIDDEN'],
  ])('cannot hand out %s', async (_, body, expected) => {
    const { key } = await world.newKey(wanted);
    const response = await world.post('/v1/api-keys', body, {}, key);
    expect([response.status, await code(response)]).toEqual([403, expected]);
  });

  it('hands out its own areas when none are named, and sees only keys within them', async () => {
    const { key } = await world.newKey(wanted);
    const child = (await (
      await world.post('/v1/api-keys', { name: 'c', scopes: ['risk:write'] }, {}, key)
    ).json()) as {
      id: string;
    };
    const sibling = await world.newKey({ ...wanted, areas: ['330107'] });
    const { items } = (await (await world.ask('/v1/api-keys?limit=200', { key })).json()) as {
      items: { id: string; areas: string[] }[];
    };
    expect(items.find(({ id }) => id === child.id)?.areas).toEqual(['330106']);
    expect(items.some(({ id }) => id === sibling.id)).toBe(false);
    expect((await world.ask(`/v1/api-keys/${sibling.id}`, { method: 'DELETE', key })).status).toBe(404);
  });

  it('revokes only keys that can do no more than itself', async () => {
    const scopes = ['keys:write', 'warnings:read'];
    const { id, key } = await world.newKey({ name: 'n', scopes, areas: ['330106'] });
    const mightier = await world.newKey({ name: 'm', scopes: ['warnings:write'], areas: ['330106'] });
    const lesser = await world.newKey({ name: 'l', scopes: ['warnings:read'], areas: ['330106003'] });
    const revoke = (which: string) => world.ask(`/v1/api-keys/${which}`, { method: 'DELETE', key });
    const refused = await revoke(mightier.id);
    expect([refused.status, await code(refused)]).toEqual([404, 'GTW_KEY_NOT_FOUND']);
    expect(await code(await world.ask('/v1/warnings', { key: mightier.key }))).toBe('GTW_SCOPE_MISSING');
    expect((await revoke(lesser.id)).status).toBe(204);
    expect((await revoke(id)).status).toBe(204);
  });

  it('of another tenant is not there', async () => {
    const elsewhere = await world.newKey({ ...wanted, areas: undefined, tenant: 'elsewhere' });
    const here = await world.newKey(wanted);
    expect(
      (await world.ask(`/v1/api-keys/${here.id}`, { method: 'DELETE', key: elsewhere.key })).status,
    ).toBe(404);
  });

  it('is listed in pages', async () => {
    const first = (await (await world.ask('/v1/api-keys?limit=2')).json()) as {
      items: { id: string }[];
      next: string;
    };
    const second = (await (
      await world.ask(`/v1/api-keys?limit=2&cursor=${first.next}`)
    ).json()) as typeof first;
    expect(first.items).toHaveLength(2);
    expect(second.items.map(({ id }) => id)).not.toContain(first.items[1]?.id);
  });
});

describe('the API', () => {
  it('is what the table says: every route has an operation, every operation a route', async () => {
    for (const operation of operations) {
      const path = operation.path.replaceAll(/\{[a-z]+\}/gu, 'x');
      const response = await fetch(world.url + path, { method: 'OPTIONS' });
      await response.text();
      expect([operation.path, response.headers.get('allow')]).toEqual([
        operation.path,
        expect.stringContaining(operation.method),
      ]);
    }
    expect(new Set(operations.map((one) => `${one.method} ${routeOf(one)}`)).size).toBe(operations.length);
  });

  it('serves its page from itself, with a policy that lets nothing else in', async () => {
    const page = await fetch(`${world.url}/docs`);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
    const html = await page.text();
    const files = [...html.matchAll(/(?:href|src)="([^"]+)"/gu)].map(([, file]) => String(file));
    expect(files).toHaveLength(4);
    for (const file of files) {
      const response = await fetch(world.url + file);
      expect([file, response.status]).toEqual([file, 200]);
      await response.arrayBuffer();
    }
    expect((await fetch(`${world.url}/docs/package.json`)).status).toBe(404);
    expect((await fetch(`${world.url}/docs/__proto__`)).status).toBe(404);
  });

  it('leads whoever looks at its root to that page, with a slash at the end or not', async () => {
    const root = await fetch(`${world.url}/`, { redirect: 'manual' });
    expect([root.status, root.headers.get('location')]).toEqual([302, '/docs']);
    const [plain, slashed] = await Promise.all(['/docs', '/docs/'].map((path) => fetch(world.url + path)));
    expect(slashed?.status).toBe(200);
    expect(slashed?.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(slashed?.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await slashed?.text()).toBe(await plain?.text());
  });

  it('is ready when the log and the database answer', async () => {
    expect(await (await fetch(`${world.url}/readyz`)).json()).toEqual({ status: 'ready', reasons: [] });
  });
});
