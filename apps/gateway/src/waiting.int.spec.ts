import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@linli/testing';
import { startWorld, type World } from './gateway.fixture.js';

const ID = '0198c0de-0000-7000-8000-000000000001';
const ETAG = { 'if-match': '"3"' };

/** Requests that wait at the risk service until the test lets them go. */
const holding = (world: World) => {
  const held = { open: 0, left: 0 };
  world.log.onCommand = ({ commandId }) =>
    world.risk.routes.set(`/internal/outcomes/${commandId}`, (_request, response) => {
      held.open += 1;
      response.once('close', () => (held.left += 1));
    });
  return held;
};

describe('requests that wait for an outcome', () => {
  let world: World;
  beforeAll(async () => void (world = await startWorld({ mostWaiting: 2 })));
  afterAll(() => world.close());

  const acknowledge = (headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> =>
    world.ask(`/v1/warnings/${ID}/acknowledge`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', ...ETAG, ...headers },
      ...(signal && { signal }),
    });
  const waiters = async (): Promise<string | undefined> =>
    /^linli_outcome_waiters\{service="gateway"\} (\d+)$/mu.exec(
      await (await fetch(`${world.url}/metrics`)).text(),
    )?.[1];

  it('are so many and no more: the next is 202 at once, as if it had asked for that', async () => {
    const held = holding(world);
    const leaving = new AbortController();
    const waiting = [1, 2].map(() =>
      acknowledge({ prefer: 'wait=10' }, leaving.signal).catch((error: Error) => error.name),
    );
    await eventually(() => held.open === 2);
    expect(await waiters()).toBe('2');
    const before = performance.now();
    const third = await acknowledge({ prefer: 'wait=10' });
    expect(performance.now() - before).toBeLessThan(2_000);
    expect([third.status, third.headers.get('preference-applied')]).toEqual([202, 'respond-async']);
    expect(third.headers.get('location')).toMatch(/^\/v1\/operations\/./u);
    leaving.abort();
    expect(await Promise.all(waiting)).toEqual(['AbortError', 'AbortError']);
  });

  it('are let go when their clients leave', async () => {
    await eventually(async () => (await waiters()) === '0');
    const held = holding(world);
    const leaving = new AbortController();
    const waiting = acknowledge({ prefer: 'wait=10' }, leaving.signal).catch((error: Error) => error.name);
    await eventually(() => held.open === 1);
    leaving.abort();
    expect(await waiting).toBe('AbortError');
    await eventually(() => held.left === 1);
    await eventually(async () => (await waiters()) === '0');
  });

  it('get their 202 when the gateway ends, over connections that end with it', async () => {
    const held = holding(world);
    const waiting = acknowledge({ prefer: 'wait=10' });
    await eventually(() => held.open === 1);
    const before = performance.now();
    const [answer] = await Promise.all([waiting, world.gateway.stop()]);
    expect(answer.status).toBe(202);
    expect(performance.now() - before).toBeLessThan(5_000);
    await expect(fetch(world.url)).rejects.toThrow('fetch failed');
  });
});

describe('a gateway that drains', () => {
  it('still answers, asks for another connection next time, and is not ready', async () => {
    const world = await startWorld({}, { drainMs: 2_000 });
    const first = await fetch(`${world.url}/readyz`);
    expect([first.status, first.headers.get('connection')]).toEqual([200, 'keep-alive']);
    const stopped = world.gateway.stop();
    const answer = await world.ask('/v1/api-keys');
    expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
    const ready = await fetch(`${world.url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'not ready', reasons: ['draining'] }]);
    await stopped;
    await world.close();
  });
});
