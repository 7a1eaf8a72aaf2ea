import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allOf } from '@linli/kernel';
import { Client } from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { classify } from './classify.js';
import type { Database } from './database.js';
import { startPostgres, superuserUrl, type EmbeddedPostgres } from './embedded/postgres.js';
import { openDatabase } from './open-database.js';
import type { Transaction } from './transaction.js';

class CreateMatter0000000000001 implements MigrationInterface {
  async up(run: QueryRunner): Promise<void> {
    await run.query('create table matter (id bigint primary key, nth bigint generated always as identity)');
  }
  async down(): Promise<void> {
    /* forward only */
  }
}

describe('statements of a transaction that do not wait for each other', () => {
  let server: EmbeddedPostgres;
  let root: string;
  let store: Database;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'linli-store-'));
    chmodSync(root, 0o755);
    server = await startPostgres({ dir: join(root, 'data'), durable: false });
    const migrations = [CreateMatter0000000000001];
    store = await openDatabase({ url: server.url, schema: 'risk', migrations, allowUnsafe: true });
  });
  afterAll(async () => {
    await store.close();
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  });
  beforeEach(() => store.connection('http').execute('truncate matter'));

  const add = (tx: Transaction, id: number): Promise<number> =>
    tx.execute('insert into matter (id) values ($1)', [id]);
  const ids = async (): Promise<number[]> =>
    (await store.connection('http').query<{ id: number }>('select id from matter order by nth')).map(
      ({ id }) => id,
    );
  /** Ends the backend that sleeps, once one does. */
  const endSleeper = async (): Promise<void> => {
    const client = new Client({ connectionString: superuserUrl(server.url) });
    await client.connect();
    const end = "select pg_terminate_backend(pid) from pg_stat_activity where query = 'select pg_sleep(20)'";
    while ((await client.query(end)).rowCount !== 1);
    await client.end();
  };

  it('are done in the order sent, each with its own answer', async () => {
    const answers = await store.transaction('consumer', (tx) =>
      allOf([
        add(tx, 3),
        tx.query('select id from matter'),
        add(tx, 1),
        tx.query('select id from matter order by nth'),
      ]),
    );
    expect(answers).toEqual([1, [{ id: 3 }], 1, [{ id: 3 }, { id: 1 }]]);
    expect(await ids()).toEqual([3, 1]);
  });

  it('fail together, as the first that failed, and leave nothing, nor a connection that owes an answer', async () => {
    const work = (): Promise<unknown> =>
      store.transaction('consumer', (tx) => allOf([add(tx, 1), add(tx, 2), add(tx, 1), add(tx, 3)]));
    for (let turn = 0; turn < 20; turn += 1)
      await expect(work()).rejects.toMatchObject({ driverError: { code: '23505' } });
    expect(await ids()).toEqual([]);
    await store.transaction('consumer', (tx) => add(tx, 4));
    expect(await ids()).toEqual([4]);
  });

  it('leave nothing when the work gives up without waiting for them', async () => {
    const left: Promise<unknown>[] = [];
    const work = store.transaction('consumer', async (tx) => {
      left.push(add(tx, 1), tx.query('select pg_sleep(0.1)'), add(tx, 2));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    await Promise.allSettled(left);
    expect(await ids()).toEqual([]);
  });

  it('are all told when the connection breaks, as something that passes', async () => {
    const outcomes: string[] = [];
    const note = (work: Promise<unknown>): Promise<unknown> =>
      work.catch((error: unknown) => {
        outcomes.push(classify(error));
        throw error;
      });
    const work = store.transaction('consumer', async (tx) => {
      await add(tx, 1);
      const waiting = [note(tx.query('select pg_sleep(20)')), note(add(tx, 2)), note(add(tx, 3))];
      await allOf([endSleeper(), ...waiting]);
    });
    const error = await work.then(
      () => null,
      (fault: unknown) => fault,
    );
    expect([classify(error), outcomes]).toEqual(['transient', ['transient', 'transient', 'transient']]);
    expect(await ids()).toEqual([]);
    await store.transaction('consumer', (tx) => add(tx, 5));
    expect(await ids()).toEqual([5]);
  });
});
