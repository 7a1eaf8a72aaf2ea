import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { classify } from './classify.js';
import type { Database, Pool } from './database.js';
import { startPostgres, superuserUrl, type EmbeddedPostgres } from './embedded/postgres.js';
import { openDatabase, type DatabaseOptions } from './open-database.js';
import { openToReaders, rowLevelSecurity } from './row-level-security.js';

const district = { tenant: 'yuhang', areas: ['330110'] };

class CreateCases0000000000001 implements MigrationInterface {
  async up(run: QueryRunner): Promise<void> {
    await run.query(
      'create table matter (id bigint primary key, tenant text not null, area text, at timestamptz)',
    );
    await run.query('create table category (code text primary key)');
    await run.query('create table secret (word text)');
    for (const sql of rowLevelSecurity('matter', { tenant: 'tenant', area: 'area' })) await run.query(sql);
    await run.query(openToReaders('category'));
  }
  async down(): Promise<void> {
    /* forward only */
  }
}

class AddNote0000000000002 implements MigrationInterface {
  async up(run: QueryRunner): Promise<void> {
    await run.query('alter table matter add note text');
  }
  async down(): Promise<void> {
    /* forward only */
  }
}

class CountRuns0000000000003 implements MigrationInterface {
  async up(run: QueryRunner): Promise<void> {
    await run.query('create table ran (at timestamptz)');
    await run.query('select pg_sleep(0.3)');
    await run.query('insert into ran values (now())');
  }
  async down(): Promise<void> {
    /* forward only */
  }
}

class Breaks0000000000004 implements MigrationInterface {
  async up(run: QueryRunner): Promise<void> {
    await run.query('create table half (n int)');
    await run.query('select 1 / 0');
  }
  async down(): Promise<void> {
    /* forward only */
  }
}

let server: EmbeddedPostgres;
let root: string;
let open: Database[] = [];

const openStore = async (more: Partial<DatabaseOptions> = {}): Promise<Database> => {
  const database = await openDatabase({
    url: server.url,
    schema: 'risk',
    migrations: [CreateCases0000000000001],
    allowUnsafe: true,
    ...more,
  });
  open.push(database);
  return database;
};

const ask = async (url: string, sql: string): Promise<unknown[]> => {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
};

const asking = async (pool: Pool = 'http'): Promise<(sql: string) => Promise<unknown[]>> => {
  const store = await openStore();
  return (sql) => store.connection(pool).query(sql);
};

const failure = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error,
  );

/** A session that holds a lock on a table until told to let go. */
const holdTable = async (table: string): Promise<() => Promise<void>> => {
  const client = new Client({ connectionString: superuserUrl(server.url) });
  await client.connect();
  await client.query('begin');
  await client.query(`lock table ${table} in access exclusive mode`);
  return () => client.end();
};

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'linli-store-'));
  chmodSync(root, 0o755);
  server = await startPostgres({ dir: join(root, 'data'), durable: false });
});

afterEach(async () => {
  for (const database of open) await database.close();
  open = [];
  await ask(superuserUrl(server.url), 'drop schema if exists risk cascade');
  await ask(superuserUrl(server.url), 'drop schema if exists petitions cascade');
});

afterAll(async () => {
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

describe('a transaction', () => {
  it('keeps what was written when the work resolves, and nothing when it rejects', async () => {
    const store = await openStore();
    await store.transaction('consumer', (tx) => tx.execute("insert into matter values (1, 'yuhang')"));
    const refused = store.transaction('consumer', async (tx) => {
      await tx.execute("insert into matter values (2, 'yuhang')");
      throw new Error('no');
    });
    await expect(refused).rejects.toThrow('no');
    expect(await store.connection('http').query('select id from matter')).toEqual([{ id: 1 }]);
  });

  it('fails when the work swallowed the failure of a statement, and does not pretend to have committed', async () => {
    const store = await openStore();
    const work = store.transaction('consumer', async (tx) => {
      await tx.execute("insert into matter values (1, 'yuhang')");
      await tx.query('select 1 / 0').catch(() => undefined);
    });
    await expect(work).rejects.toThrow('The transaction was rolled back');
    expect(await store.connection('http').query('select id from matter')).toEqual([]);
  });

  it('cannot be used after its end', async () => {
    const store = await openStore();
    const leaked = await store.transaction('consumer', async (tx) => tx);
    await expect(leaked.query('select 1')).rejects.toThrow('The transaction has ended');
  });

  it('tells how many rows a statement changed', async () => {
    const store = await openStore();
    const work = async (): Promise<number[]> =>
      store.transaction('consumer', async (tx) => [
        await tx.execute("insert into matter select n, 'yuhang' from generate_series(1, 5) n"),
        await tx.execute("update matter set area = '330110' where id <= $1", [3]),
        await tx.execute('delete from matter where id = 9'),
      ]);
    expect(await work()).toEqual([5, 3, 0]);
  });

  it('returns the rows of an INSERT, UPDATE or DELETE with RETURNING', async () => {
    const query = await asking();
    expect(await query("insert into matter values (1, 'a') returning id")).toEqual([{ id: 1 }]);
    expect(await query("update matter set tenant = 'b' returning tenant")).toEqual([{ tenant: 'b' }]);
    expect(await query('delete from matter returning id')).toEqual([{ id: 1 }]);
  });
});

describe('values', () => {
  it('come back as number for bigint and as Date for timestamptz', async () => {
    const query = await asking();
    const rows = await query(
      `select 9007199254740991::bigint as big, array[1, null, 3]::bigint[] as many, count(*) as n,
              timestamptz '2026-11-23T09:00:00+08:00' as at`,
    );
    expect(rows).toEqual([
      { big: 9007199254740991, many: [1, null, 3], n: 1, at: new Date('2026-11-23T01:00:00Z') },
    ]);
  });

  it('fail loudly beyond 2^53, where a number would lie', async () => {
    const query = await asking();
    await expect(query('select 9007199254740993::bigint as big')).rejects.toThrow('beyond 2^53');
    expect(await query('select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('a service', () => {
  it('acts as the owner of its schema, with limits on every session', async () => {
    const query = await asking('consumer');
    expect(
      await query(
        `select current_user as role, current_schema as schema, current_setting('statement_timeout') as statement,
                current_setting('lock_timeout') as lock, current_setting('application_name') as name,
                current_setting('idle_in_transaction_session_timeout') as idle, current_setting('TimeZone') as zone`,
      ),
    ).toEqual([
      {
        role: 'linli_risk',
        schema: 'risk',
        statement: '15s',
        lock: '3s',
        name: 'linli risk consumer',
        idle: '10s',
        zone: 'UTC',
      },
    ]);
  });

  it('can neither read nor make anything in the schema of another', async () => {
    const store = await openStore();
    await openStore({ schema: 'petitions' });
    const query = (sql: string): Promise<unknown[]> => store.connection('http').query(sql);
    await expect(query('select * from petitions.matter')).rejects.toMatchObject({
      driverError: { code: '42501' },
    });
    await expect(query('create table petitions.spy (n int)')).rejects.toMatchObject({
      driverError: { code: '42501' },
    });
    await expect(query('create table public.spy (n int)')).rejects.toMatchObject({
      driverError: { code: '42501' },
    });
  });

  it('has a pool for each kind of work: a full one does not hold up the others', async () => {
    const store = await openStore({ pools: { consumer: 1 } });
    await store.transaction('consumer', async () => {
      await store.transaction('relay', async (tx) => {
        expect(await tx.query('select 1 as one')).toEqual([{ one: 1 }]);
      });
      const waiting = await failure(store.connection('consumer').query('select 1'));
      expect(classify(waiting)).toBe('transient');
    });
  });

  it.each(['', 'Risk', 'public', 'pg_risk', 'risk; drop', 'a-b'])('cannot be called "%s"', async (schema) => {
    await expect(openStore({ schema })).rejects.toMatchObject({ code: 'STORE_SCHEMA_NAME' });
  });

  it('closes after its running transactions have ended', async () => {
    const store = await openStore();
    const slow = store.transaction('consumer', async (tx) => {
      await tx.query('select pg_sleep(0.3)');
      return tx.execute("insert into matter values (1, 'yuhang')");
    });
    await store.close();
    expect(await slow).toBe(1);
  });
});

describe('a broken connection', () => {
  const killAll = (): Promise<unknown> =>
    ask(
      superuserUrl(server.url),
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'linli risk %'",
    );

  it('in the middle of a transaction is transient, and the next transaction works', async () => {
    const store = await openStore();
    const error = await failure(
      store.transaction('consumer', async (tx) => {
        await tx.execute("insert into matter values (1, 'yuhang')");
        await killAll();
        await tx.execute("insert into matter values (2, 'yuhang')");
      }),
    );
    expect(classify(error)).toBe('transient');
    const rows = await store.transaction('consumer', (tx) => tx.query('select * from matter'));
    expect(rows).toEqual([]);
  });

  it('at commit is transient', async () => {
    const store = await openStore();
    const error = await failure(store.transaction('consumer', () => killAll()));
    expect(classify(error)).toBe('transient');
  });

  it('that was idle is told of and replaced', async () => {
    const heard: Error[] = [];
    const store = await openStore({ pools: { http: 1 }, onIdleError: (error) => heard.push(error) });
    await killAll();
    let rows: unknown[] = [];
    while (rows.length === 0)
      rows = await store
        .connection('http')
        .query('select 1 as one')
        .catch((error: unknown) => {
          expect(classify(error)).toBe('transient');
          return [];
        });
    expect(heard.length).toBeGreaterThan(0);
  });

  it('is transient when the server is away or does not answer', async () => {
    const store = await openStore({ pools: { relay: 2 } });
    const busy = store.transaction('relay', async (tx) => {
      process.kill(server.pid(), 'SIGSTOP');
      try {
        const fresh = await failure(store.connection('relay').query('select 1'));
        expect(classify(fresh)).toBe('transient');
      } finally {
        process.kill(server.pid(), 'SIGCONT');
      }
      return tx.query('select 1 as one');
    });
    expect(await busy).toEqual([{ one: 1 }]);
  });
});

describe('reading as somebody', () => {
  const fill = async (): Promise<Database> => {
    const store = await openStore();
    await store.transaction('consumer', (tx) =>
      tx.execute(
        `insert into matter (id, tenant, area) values
           (1, 'yuhang', '330110'), (2, 'yuhang', '330110003012'), (3, 'yuhang', '330106001'),
           (4, 'yuhang', null), (5, 'xihu', '330110'), (6, 'xihu', '330106')`,
      ),
    );
    return store;
  };
  const seen = async (
    store: Database,
    reader: { tenant: string; areas: string[] | null },
  ): Promise<number[]> => {
    const rows = await store.readAs(reader, (tx) =>
      tx.query<{ id: number }>('select id from matter order by id'),
    );
    return rows.map((row) => row.id);
  };

  it('shows the rows of the tenant in the areas and below, and no others', async () => {
    const store = await fill();
    expect(await seen(store, district)).toEqual([1, 2]);
    expect(await seen(store, { tenant: 'yuhang', areas: ['330110003', '330106'] })).toEqual([2, 3]);
    expect(await seen(store, { tenant: 'xihu', areas: ['33'] })).toEqual([5, 6]);
    expect(await seen(store, { tenant: 'yuhang', areas: ['330110003012999'] })).toEqual([]);
  });

  it('shows all of the tenant, placed or not, to one who may see everywhere, and nothing to one with no area', async () => {
    const store = await fill();
    expect(await seen(store, { tenant: 'yuhang', areas: null })).toEqual([1, 2, 3, 4]);
    expect(await seen(store, { tenant: 'yuhang', areas: [] })).toEqual([]);
    expect(await seen(store, { tenant: '', areas: null })).toEqual([]);
  });

  it('shows nothing without the settings', async () => {
    await fill();
    const client = new Client({ connectionString: server.url });
    await client.connect();
    try {
      await client.query('set role linli_risk_reader');
      expect((await client.query('select * from risk.matter')).rows).toEqual([]);
    } finally {
      await client.end();
    }
  });

  it('hides all rows from a role that comes to own the table later', async () => {
    await fill();
    await openStore({ schema: 'petitions' });
    const admin = superuserUrl(server.url);
    await ask(admin, 'grant usage on schema risk to linli_petitions');
    await ask(admin, 'alter table risk.matter owner to linli_petitions');
    const client = new Client({ connectionString: server.url, options: '-c role=linli_petitions' });
    await client.connect();
    try {
      expect((await client.query('select * from risk.matter')).rows).toEqual([]);
    } finally {
      await client.end();
    }
  });

  it('leaves nothing of one reader on the connection for the next', async () => {
    const store = await fill();
    const one = await openStore({ pools: { http: 1 } });
    expect(await seen(one, district)).toEqual([1, 2]);
    expect(
      await one
        .connection('http')
        .query(
          "select current_user as role, current_setting('app.tenant', true) as tenant, count(*) as n from matter",
        ),
    ).toEqual([{ role: 'linli_risk', tenant: '', n: 6 }]);
    expect(await seen(store, { tenant: 'xihu', areas: null })).toEqual([5, 6]);
  });

  it('writes nothing, opens no closed table, but reads an opened catalogue', async () => {
    const store = await fill();
    const doing = (sql: string): Promise<unknown> => store.readAs(district, (tx) => tx.query(sql));
    await expect(doing('delete from matter')).rejects.toMatchObject({ driverError: { code: '25006' } });
    await expect(doing('select * from secret')).rejects.toMatchObject({ driverError: { code: '42501' } });
    expect(await doing('select * from category')).toEqual([]);
  });

  it('does not go together with writing even outside a read-only transaction', async () => {
    await fill();
    const client = new Client({ connectionString: server.url });
    await client.connect();
    try {
      await client.query('set role linli_risk_reader');
      await expect(client.query('delete from risk.matter')).rejects.toMatchObject({ code: '42501' });
    } finally {
      await client.end();
    }
  });
});

describe('migrations', () => {
  it('run once, in one process at a time, when several start together', async () => {
    const migrations = [CreateCases0000000000001, CountRuns0000000000003];
    const stores = await Promise.all([1, 2, 3].map(() => openStore({ migrations })));
    expect(await stores[2]?.connection('http').query('select count(*) as n from ran')).toEqual([{ n: 1 }]);
    expect(await stores[0]?.connection('http').query('select name from migration order by id')).toEqual([
      { name: 'CreateCases0000000000001' },
      { name: 'CountRuns0000000000003' },
    ]);
  });

  it('run for two services at once, each in its own schema', async () => {
    const stores = await Promise.all([openStore(), openStore({ schema: 'petitions' })]);
    for (const store of stores)
      expect(await store.connection('http').query('select name from migration')).toEqual([
        { name: 'CreateCases0000000000001' },
      ]);
  });

  it('are refused to an old version once a newer one has been here', async () => {
    await openStore({ migrations: [CreateCases0000000000001, AddNote0000000000002] });
    await expect(openStore()).rejects.toMatchObject({
      code: 'STORE_SCHEMA_NEWER',
      message: expect.stringContaining('AddNote0000000000002'),
    });
  });

  it('leave nothing of one that breaks, and the ones before it stay', async () => {
    const broken = openStore({ migrations: [CreateCases0000000000001, Breaks0000000000004] });
    await expect(broken).rejects.toThrow('division by zero');
    const query = await asking();
    expect(await query("select to_regclass('half') as half")).toEqual([{ half: null }]);
  });

  it('come again when a table is in use, instead of holding up its readers', async () => {
    await openStore();
    const letGo = await holdTable('risk.matter');
    const later = openStore({ migrations: [CreateCases0000000000001, AddNote0000000000002] });
    const refused = "select 1 as seen from pg_stat_activity where wait_event_type = 'Lock'";
    while ((await ask(superuserUrl(server.url), refused)).length === 0);
    while ((await ask(superuserUrl(server.url), refused)).length > 0);
    await letGo();
    expect(await (await later).connection('http').query('select note from matter')).toEqual([]);
  });
});

describe('a server', () => {
  it('that forgets what it confirmed is refused', async () => {
    await expect(openStore({ allowUnsafe: false })).rejects.toMatchObject({
      code: 'STORE_UNSAFE',
      message: expect.stringContaining('fsync=off'),
    });
  });

  it('whose database knows only ASCII letters is refused', async () => {
    await ask(server.url, "create database plain template template0 lc_ctype 'C' lc_collate 'C'");
    const url = new URL(server.url);
    url.pathname = '/plain';
    await expect(openStore({ url: url.href })).rejects.toMatchObject({ code: 'STORE_CTYPE' });
  });

  it('whose database is not UTF-8 is refused', async () => {
    await ask(
      server.url,
      "create database latin template template0 encoding 'LATIN1' lc_ctype 'C' lc_collate 'C'",
    );
    const url = new URL(server.url);
    url.pathname = '/latin';
    await expect(openStore({ url: url.href })).rejects.toMatchObject({ code: 'STORE_ENCODING' });
  });

  it('that is not there is a transient failure', async () => {
    const error = await failure(openStore({ url: 'postgres://linli:x@127.0.0.1:1/linli' }));
    expect(classify(error)).toBe('transient');
  });
});
