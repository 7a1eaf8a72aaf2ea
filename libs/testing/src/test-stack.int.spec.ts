import { describe, expect, it } from '@jest/globals';
import { openDatabase } from '@linli/store';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { Client } from 'pg';
import { embeddedDatabase, freshDatabase } from './databases.js';
import { temporaryDir } from './temporary-dir.js';
import { findStack } from './test-stack.js';

const databaseOf = async (url: string): Promise<unknown> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query('select current_database() as name')).rows[0] as unknown;
  } finally {
    await client.end();
  }
};

/** What `findStack` says in a process with this environment. */
const findElsewhere = (env: NodeJS.ProcessEnv): Promise<{ out: string; err: string }> => {
  const module = new URL('./test-stack.js', import.meta.url).href;
  const script = `import { findStack } from '${module}'; console.log(await findStack());`;
  return new Promise((resolve) => {
    execFile(process.execPath, ['--input-type=module', '-e', script], { env }, (_error, out, err) =>
      resolve({ out, err }),
    );
  });
};

describe('the stack for tests', () => {
  it('comes from the environment when all three URLs are there, and is left running', async () => {
    const stack = await findStack({
      KAFKA_BROKERS: 'a:1',
      DATABASE_URL: 'postgres://b',
      REDIS_URL: 'redis://c',
    });
    expect(stack).toMatchObject({
      source: 'environment',
      kafkaBrokers: 'a:1',
      databaseUrl: 'postgres://b',
      redisUrl: 'redis://c',
    });
    await stack?.stop();
  });

  it('is otherwise started for the caller', async () => {
    const stack = await findStack({ CI: 'true', KAFKA_BROKERS: 'only-one-of-three:1' });
    try {
      expect(['docker', 'launcher']).toContain(stack?.source);
      expect(stack?.kafkaBrokers).toMatch(/:\d+$/u);
      const fresh = await freshDatabase(stack as { databaseUrl: string });
      expect(await databaseOf(fresh.url)).toEqual({ name: expect.stringMatching(/^test_[0-9a-f]{12}$/u) });
      await fresh.drop();
      await expect(databaseOf(fresh.url)).rejects.toMatchObject({ code: '3D000' });
    } finally {
      await stack?.stop();
    }
  });

  it('is null where none can be had, said in one line, but an error in CI', async () => {
    const nowhere = { PATH: '/nowhere' };
    const outside = await findElsewhere(nowhere);
    expect(outside.out).toBe('null\n');
    expect(outside.err.trim()).toMatch(/^!!! SKIPPED, NO REAL STACK: java does not run here: [^\n]+$/u);
    const ci = await findElsewhere({ ...nowhere, CI: 'true' });
    expect(ci.out).toBe('');
    expect(ci.err).toContain('java does not run here');
  });
});

describe('the embedded database for tests', () => {
  it('serves a service’s store, which must say that it knows how forgetful it is', async () => {
    const embedded = await embeddedDatabase();
    try {
      const options = { url: embedded.url, schema: 'risk', migrations: [] };
      await expect(openDatabase(options)).rejects.toMatchObject({ code: 'STORE_UNSAFE' });
      const store = await openDatabase({ ...options, allowUnsafe: true });
      expect(await store.connection('http').query('select 1 as one')).toEqual([{ one: 1 }]);
      await store.close();
    } finally {
      await embedded.stop();
    }
  });

  it('is durable when asked', async () => {
    const embedded = await embeddedDatabase({ durable: true });
    try {
      const store = await openDatabase({ url: embedded.url, schema: 'risk', migrations: [] });
      await store.close();
    } finally {
      await embedded.stop();
    }
  });
});

describe('a temporary folder', () => {
  it('is there until it is removed', () => {
    const dir = temporaryDir();
    expect(existsSync(dir.path)).toBe(true);
    dir.remove();
    expect(existsSync(dir.path)).toBe(false);
  });
});
