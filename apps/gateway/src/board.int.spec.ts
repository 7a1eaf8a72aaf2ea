import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRedis, type RedisStack } from '@linli/stack';
import { eventually, unlessUnavailable } from '@linli/testing';
import { Queue } from 'bullmq';
import { BOOTSTRAP, startWorld, type World } from './gateway.fixture.js';
import { boardOf } from './queries/board/board.js';

const BOARD = '/v1/ops/board';
const QUEUE = 'linli-risk-deadlines';
const basic = (key: string): string => `Basic ${Buffer.from(`ops:${key}`).toString('base64')}`;

/** Null where no Redis can be had: the suite is skipped. */
const found = await unlessUnavailable(startRedis);
const redis = found as RedisStack;

(found ? describe : describe.skip)('the board of alarms', () => {
  let world: World;
  let queue: Queue;
  beforeAll(async () => {
    const { hostname: host, port } = new URL(redis.url);
    queue = new Queue(QUEUE, { connection: { host, port: Number(port) } });
    await queue.add('ring', { deadlineId: 'd-1' }, { jobId: 'sla-d-1-v1-r0-0', delay: 3_600_000 });
    world = await startWorld({ board: { redisUrl: redis.url, queues: [QUEUE] } });
  }, 60_000);
  afterAll(async () => {
    await world.close();
    await queue.close();
    await redis.stop();
  });

  const plain = (path: string, init: RequestInit = {}): Promise<Response> => fetch(world.url + path, init);
  const shown = (path: string, authorization: string): Promise<Response> =>
    plain(path, { headers: { authorization } });

  it('shows the queue to an operator, by bearer and by browser', async () => {
    const page = await world.ask(BOARD);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const html = await page.text();
    expect(html).toContain(`<base href="${BOARD}/"`);
    const { key } = await world.newKey({ name: 'night shift', scopes: ['ops'] });
    expect((await shown(`${BOARD}/queue/${QUEUE}`, basic(key))).status).toBe(200);
    const [, script = ''] = /src="(static\/js\/main[^"]+)"/u.exec(html) ?? [];
    const file = await shown(`${BOARD}/${script}`, basic(key));
    expect([file.status, file.headers.get('content-type')]).toEqual([
      200,
      'application/javascript; charset=utf-8',
    ]);
    const queues = await shown(`${BOARD}/api/queues?activeQueue=${QUEUE}&status=delayed&page=1`, basic(key));
    expect(await queues.json()).toMatchObject({
      queues: [
        {
          ...{ name: QUEUE, readOnlyMode: true, counts: { delayed: 1 } },
          jobs: [{ id: 'sla-d-1-v1-r0-0', data: { deadlineId: 'd-1' } }],
        },
      ],
    });
  });

  it('asks a browser for a key, and shows nothing without one that may see everything', async () => {
    const [reader, street] = [
      await world.newKey({ name: 'reader', scopes: ['warnings:read'] }),
      await world.newKey({ name: 'street', scopes: ['ops'], areas: ['330106'] }),
    ];
    for (const path of ['', '/', '/queue/x', '/static/js/main.js', '/api/queues', '/api/redis/stats']) {
      const unknown = await plain(BOARD + path);
      expect([path, unknown.status, unknown.headers.get('www-authenticate')]).toEqual([
        ...[path, 401, 'Basic realm="linli: an API key as the password", charset="UTF-8"'],
      ]);
      expect((await shown(BOARD + path, basic('wrong'))).status).toBe(401);
      expect((await shown(BOARD + path, basic(reader.key))).status).toBe(403);
      const limited = await shown(BOARD + path, basic(street.key));
      expect([limited.status, await limited.json()]).toMatchObject([403, { code: 'GTW_AREA_LIMITED' }]);
    }
  });

  it('has no way to change anything, though the board knows many', async () => {
    const changes = boardOf([queue]).changes();
    expect(changes.length).toBeGreaterThan(15);
    for (const { method, path } of changes) {
      const asked = BOARD + path.replace(':queueName', QUEUE).replaceAll(/:[A-Za-z]+/gu, 'sla-d-1-v1-r0-0');
      const response = await plain(asked, { method, headers: { authorization: basic(BOOTSTRAP) } });
      expect([method, asked, response.status >= 404 && response.status <= 405]).toEqual([
        method,
        asked,
        true,
      ]);
    }
    expect(await queue.getJobCounts('delayed')).toEqual({ delayed: 1 });
    expect(await queue.isPaused()).toBe(false);
  });

  it('leads to no file but its own', async () => {
    for (const path of [
      '/static/../index.ejs',
      '/static/%2e%2e/index.ejs',
      '/static/..%2f..%2fpackage.json',
    ]) {
      const response = await world.ask(BOARD + path);
      expect([path, response.status >= 400]).toEqual([path, true]);
    }
  });

  it('lets a browser show its key nowhere else', async () => {
    const { key } = await world.newKey({ name: 'night shift', scopes: ['ops'] });
    const status = await shown('/v1/ops/status', basic(key));
    expect([status.status, status.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="linli"']);
  });

  it('says that Redis is away, within seconds', async () => {
    await redis.stop();
    const answer = await eventually(
      async () => {
        const response = await world.ask(`${BOARD}/api/queues?page=1`);
        return response.status === 503 ? response.json() : null;
      },
      { withinMs: 20_000, what: 'a refusal' },
    );
    expect(answer).toMatchObject({ code: 'GTW_BOARD_UNAVAILABLE' });
    expect((await world.ask(BOARD)).status).toBe(200);
  }, 30_000);
});

describe('a gateway without Redis', () => {
  it('has no board', async () => {
    const world = await startWorld();
    expect((await world.ask(BOARD)).status).toBe(404);
    await world.close();
  }, 60_000);
});
