import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startRedis, type RedisStack } from '@linli/stack';
import { embeddedDatabase, eventually, unlessUnavailable } from '@linli/testing';
import { Redis } from 'ioredis';
import { alarmConformance } from '../conformance/alarm.conformance.js';
import { uuid } from '../ledger/ledger.fixture.js';
import type { AlarmTime } from './alarm.js';
import { bullmqAlarm } from './bullmq-alarm.js';

/** Null where no Redis can be had: the suites over it are skipped. */
const found = await unlessUnavailable(startRedis);
const redis = found as RedisStack;
const describeOnRedis = found ? describe : describe.skip;
let server: Awaited<ReturnType<typeof embeddedDatabase>>;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

beforeAll(async () => {
  server = await embeddedDatabase();
});
afterAll(async () => {
  await Promise.all([found?.stop(), server.stop()]);
});

if (found) alarmConformance('BullMQ on Redis', (queue) => bullmqAlarm({ queue, redisUrl: found.url }));
alarmConformance('BullMQ on PostgreSQL', (queue) => bullmqAlarm({ queue, databaseUrl: server.url }));

const aTime = (n: number, inMs: number): AlarmTime => ({
  deadlineId: uuid(n),
  version: 1,
  round: 0,
  rung: n,
  inMs,
});

const opened = async (queue: string, redisUrl = redis.url) => {
  const alarm = await bullmqAlarm({ queue, redisUrl });
  closing.push(() => alarm.close());
  const rung = new Set<string>();
  alarm.start(async (id) => {
    rung.add(id);
    return null;
  });
  let tries = 1_000;
  const works = () =>
    eventually(
      () => {
        tries += 1;
        alarm.set([aTime(tries, 0)]);
        return [...rung].some((id) => Number(id.slice(-6)) > 1_000);
      },
      { withinMs: 20_000, everyMs: 200, what: 'a ring' },
    );
  return { alarm, rung, works };
};

describeOnRedis('BullMQ on Redis', () => {
  it('knows nothing of what was flushed, and rings what is set afterwards', async () => {
    const { alarm, rung, works } = await opened('sla-flushed');
    await works();
    alarm.set([aTime(1, 1_000)]);
    const admin = new Redis(redis.url);
    await eventually(async () => (await admin.keys('*sla-flushed*delayed*')).length > 0);
    await admin.flushall();
    alarm.set([aTime(2, 1_500)]);
    await eventually(() => rung.has(uuid(2)), { withinMs: 15_000 });
    expect(rung.has(uuid(1))).toBe(false);
    admin.disconnect();
  });

  it('neither throws nor waits while it is away, counts what it lost, and is there again by itself', async () => {
    const own = await startRedis();
    closing.push(() => own.stop());
    const { alarm, rung, works } = await opened('sla-away', own.url);
    await works();
    process.kill(own.pid(), 'SIGKILL');
    const before = alarm.faults().lost;
    const start = performance.now();
    for (let n = 1; n <= 500; n += 1) alarm.set([aTime(n, 0)]);
    expect(performance.now() - start).toBeLessThan(200);
    await eventually(() => alarm.faults().lost > before + 400);
    await own.restart();
    rung.clear();
    await works();
  });

  it('is closed in bounded time while it is away', async () => {
    const own = await startRedis();
    const { alarm, works } = await opened('sla-closed', own.url);
    await works();
    await own.stop();
    const start = performance.now();
    await alarm.close();
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it('waits for nobody who takes the connection and never answers', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const alarm = await bullmqAlarm({
      queue: 'sla-silent',
      redisUrl: `redis://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    });
    alarm.start(async () => null);
    const start = performance.now();
    alarm.set([aTime(1, 0)]);
    expect(performance.now() - start).toBeLessThan(200);
    await eventually(() => alarm.faults().lost > 0);
    await alarm.close();
    expect(performance.now() - start).toBeLessThan(10_000);
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it('rings one of several processes', async () => {
    const members = await Promise.all([opened('sla-shared'), opened('sla-shared')]);
    let tries = 1_000;
    await eventually(
      () => {
        members[0]?.alarm.set([aTime((tries += 1), 0)]);
        return members.some(({ rung }) => rung.size > 0);
      },
      { everyMs: 200 },
    );
    for (const { rung } of members) rung.clear();
    members[0]?.alarm.set(Array.from({ length: 50 }, (_, n) => aTime(n + 1, 300)));
    await eventually(() => members.reduce((sum, { rung }) => sum + rung.size, 0) >= 50);
    const both = [...(members[0]?.rung ?? [])].filter((id) => members[1]?.rung.has(id));
    expect(both).toEqual([]);
  });
});
