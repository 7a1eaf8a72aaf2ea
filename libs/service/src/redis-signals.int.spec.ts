import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@linli/testing';
import { startRedis } from '@linli/stack';
import { localSignals } from './local-signals.js';
import { redisSignals } from './redis-signals.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) {
    await close();
  }
});

const heard = (signals: { on(name: string, wake: () => void): () => void }, name: string) => {
  let times = 0;
  const end = signals.on(name, () => (times += 1));
  return { times: () => times, end };
};

/** A Redis that takes connections and never answers. */
const silent = (): Promise<{ url: string }> =>
  new Promise((resolve) => {
    const sockets = new Set<Socket>();
    const server: Server = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
    closing.push(() => {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    });
    server.listen(0, '127.0.0.1', () =>
      resolve({ url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}` }),
    );
  });

const someRedis = async (): Promise<{ url: string }> => {
  const { REDIS_URL: url } = process.env;
  if (url) {
    return { url };
  }
  const redis = await startRedis();
  closing.push(() => redis.stop());
  return redis;
};

describe('local signals', () => {
  it('wake those who listen, until they stop', async () => {
    const signals = localSignals();
    const ear = heard(signals, 'a');
    signals.raise('a');
    signals.raise('b');
    ear.end();
    signals.raise('a');
    expect(ear.times()).toBe(1);
    await signals.close();
  });
});

describe('signals over Redis', () => {
  it('wake listeners in another process, and own ones once', async () => {
    const redis = await someRedis();
    const [one, two] = [redisSignals(redis.url), redisSignals(redis.url)];
    closing.push(
      () => one.close(),
      () => two.close(),
    );
    const [own, other] = [heard(one, 'a'), heard(two, 'a')];
    let raised = 0;
    await eventually(() => {
      one.raise('a');
      raised += 1;
      return other.times() > 0;
    });
    await eventually(() => other.times() > 0 && own.times() === raised);
    expect(own.times()).toBe(raised);
  });

  it.each(['dead', 'silent'])(
    'of a Redis that is %s wake own listeners at once, and count what was lost',
    async (how) => {
      const url = how === 'dead' ? 'redis://127.0.0.1:1' : (await silent()).url;
      const signals = redisSignals(url);
      closing.push(() => signals.close());
      const ear = heard(signals, 'a');
      const before = Date.now();
      signals.raise('a');
      expect(ear.times()).toBe(1);
      expect(Date.now() - before).toBeLessThan(200);
      await eventually(() => signals.faults().lost === 1);
      expect(signals.faults().last).not.toBeNull();
    },
  );
});
