import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort, hasEnded } from '@linli/store';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { Kafka, logLevel, Partitioners, type Admin } from 'kafkajs';
import { Client } from 'pg';
import { startKafka } from './kafka.js';
import { startStack, type Stack } from './stack.js';

const script = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url));

const client = (url: string): Kafka =>
  new Kafka({
    brokers: url.split(','),
    logLevel: logLevel.NOTHING,
    requestTimeout: 5000,
    retry: { retries: 10 },
  });

const withAdmin = async <T>(url: string, work: (admin: Admin) => Promise<T>): Promise<T> => {
  const admin = client(url).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
};

const send = async (url: string, topic: string, value: string): Promise<void> => {
  const producer = client(url).producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  try {
    await producer.send({ topic, acks: -1, messages: [{ value }] });
  } finally {
    await producer.disconnect();
  }
};

const lengthOf = async (url: string, topic: string): Promise<number> => {
  const ends = await withAdmin(url, (admin) => admin.fetchTopicOffsets(topic));
  return ends.map(({ high }) => Number(high)).reduce((sum, high) => sum + high, 0);
};

/** The same while a new leader is being elected, which takes a while. */
const lengthOnceLed = async (url: string, topic: string): Promise<number> => {
  for (const end = performance.now() + 30_000; ; await delay(250)) {
    try {
      return await lengthOf(url, topic);
    } catch (error) {
      if (performance.now() > end) throw error;
    }
  }
};

const askPostgres = async (url: string, sql: string): Promise<unknown[]> => {
  const pg = new Client({ connectionString: url });
  await pg.connect();
  try {
    return (await pg.query(sql)).rows as unknown[];
  } finally {
    await pg.end();
  }
};

interface Run {
  readonly code: number;
  readonly out: string;
}

const runScript = (
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Run> =>
  new Promise((resolve) => {
    execFile(process.execPath, [script(name), ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, out: stdout + stderr });
    });
  });

describe('the stack', () => {
  let stack: Stack;
  let proxied: number;

  beforeAll(async () => {
    proxied = await freePort();
    stack = await startStack({
      listeners: [{ name: 'PROXIED', port: proxied, advertisedPort: 1 }],
    });
  });

  afterAll(async () => {
    const pids = [...stack.kafka.brokers, stack.postgres, stack.redis].map((server) => server.pid());
    await stack.stop();
    for (const pid of pids) expect(await hasEnded(pid, 1000)).toBe(true);
  });

  it('has a Kafka that stamps records itself and makes no topic unasked', async () => {
    await withAdmin(stack.kafka.url, async (admin) => {
      const topic = 'settings';
      await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
      const described = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: 2, name: topic, configNames: ['message.timestamp.type'] }],
      });
      expect(described.resources[0]?.configEntries[0]?.configValue).toBe('LogAppendTime');
    });
    await expect(send(stack.kafka.url, 'never-made', 'x')).rejects.toThrow(
      'This server does not host this topic-partition',
    );
  });

  it('announces a further door of Kafka on the port that was asked for', async () => {
    const cluster = await withAdmin(`127.0.0.1:${proxied}`, (admin) => admin.describeCluster()).catch(
      (error: unknown) => error,
    );
    expect(String(cluster)).toContain('127.0.0.1:1');
  });

  it('has a Kafka that keeps its records over kill -9 and a restart', async () => {
    const { url, brokers } = stack.kafka;
    await withAdmin(url, (admin) =>
      admin.createTopics({ topics: [{ topic: 'kept', numPartitions: 1 }], waitForLeaders: true }),
    );
    await send(url, 'kept', 'one');
    process.kill(brokers[0]?.pid() as number, 'SIGKILL');
    await brokers[0]?.restart();
    expect(await lengthOf(url, 'kept')).toBeGreaterThan(0);
    await send(url, 'kept', 'two');
  });

  it('has a PostgreSQL that stays dead after kill -9 until it is restarted, and lost nothing', async () => {
    const { url } = stack.postgres;
    await askPostgres(url, 'create table kept (n int)');
    const killed = stack.postgres.pid();
    process.kill(killed, 'SIGKILL');
    expect(await hasEnded(killed, 5000)).toBe(true);
    await expect(askPostgres(url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await stack.postgres.restart();
    expect(await askPostgres(url, 'select count(*)::int as n from kept')).toEqual([{ n: 0 }]);
    expect(await askPostgres(url, 'show fsync')).toEqual([{ fsync: 'on' }]);
  });

  it('has a Redis that evicts nothing, keeps a file, and comes back when it was frozen', async () => {
    process.kill(stack.redis.pid(), 'SIGSTOP');
    await stack.redis.restart();
    const redis = new Redis(stack.redis.url);
    try {
      expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction']);
      expect(await redis.config('GET', 'appendonly')).toEqual(['appendonly', 'yes']);
    } finally {
      redis.disconnect();
    }
  });
});

describe('three brokers', () => {
  it('go on with two, and lose nothing', async () => {
    const kafka = await startKafka({ brokers: 3 });
    try {
      await withAdmin(kafka.url, (admin) =>
        admin.createTopics({
          topics: [{ topic: 'three', numPartitions: 3, replicationFactor: 3 }],
          waitForLeaders: true,
        }),
      );
      await send(kafka.url, 'three', 'one');
      const before = await lengthOf(kafka.url, 'three');
      expect(before).toBeGreaterThan(0);
      process.kill(kafka.brokers[1]?.pid() as number, 'SIGKILL');
      await send(kafka.url, 'three', 'two');
      // A plain producer may repeat a send whose answer it did not see.
      expect(await lengthOnceLed(kafka.url, 'three')).toBeGreaterThan(before);
    } finally {
      await kafka.stop();
    }
  });
});

describe('with-stack', () => {
  const print = 'console.log(process.env.KAFKA_BROKERS, process.env.DATABASE_URL, process.env.REDIS_URL)';

  it('gives the command the URLs and passes its exit code on', async () => {
    const { code, out } = await runScript('with-stack', [
      process.execPath,
      '-e',
      `${print}; process.exit(7)`,
    ]);
    expect(out).toMatch(
      /^127\.0\.0\.1:\d+ postgres:\/\/linli:\S+@127\.0\.0\.1:\d+\/linli redis:\/\/127\.0\.0\.1:\d+\n$/u,
    );
    expect(code).toBe(7);
  });

  it('runs the command without a stack where none can be had, loudly, and refuses in CI', async () => {
    const command = [process.execPath, '-e', 'console.log(process.env.KAFKA_BROKERS)'];
    const { code, out } = await runScript('with-stack', command, { PATH: '/nowhere' });
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/^undefined\n!!! NO STACK: java does not run here/u),
    });
    expect(await runScript('with-stack', command, { PATH: '/nowhere', CI: 'true' })).toMatchObject({
      code: 1,
    });
  });

  it('says how it is used', async () => {
    expect(await runScript('with-stack', [])).toEqual({
      code: 1,
      out: 'Usage: with-stack <command> [argument…]\n',
    });
  });
});

describe('npm run stack', () => {
  it('prints the URLs, stays, and leaves nothing behind after SIGTERM', async () => {
    const child = spawn(process.execPath, [script('main')], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    child.stdout.on('data', (data: Buffer) => (out += data.toString()));
    const [ready] = (await once(child.stderr, 'data')) as [Buffer];
    expect(ready.toString()).toContain('Ready');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    const url = /^DATABASE_URL=(.*)$/mu.exec(out)?.[1] as string;
    await expect(askPostgres(url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(out.match(/^[A-Z_]+(?==)/gmu)).toEqual(['KAFKA_BROKERS', 'DATABASE_URL', 'REDIS_URL']);
  });

  it('says what is missing on a machine without Java', async () => {
    const { code, out } = await runScript('main', [], { PATH: '/nowhere' });
    expect(code).toBe(1);
    expect(out).toContain('java does not run here: install a Java runtime');
  });

  it('knows one broker or three', async () => {
    const { code, out } = await runScript('main', ['--brokers', '2']);
    expect({ code, out }).toEqual({ code: 1, out: '--brokers is 1 or 3\n' });
  });
});
