import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startPostgres, superuserUrl, type EmbeddedPostgres } from './postgres.js';
import { hasEnded, isAlive, waitFor } from './process.js';

let root: string;
let dir: string;
let running: EmbeddedPostgres[] = [];
let owners: ChildProcess[] = [];

const start = async (
  options: Partial<Parameters<typeof startPostgres>[0]> = {},
): Promise<EmbeddedPostgres> => {
  const server = await startPostgres({ dir, ...options });
  running.push(server);
  return server;
};

const ask = async <Row>(url: string, sql: string): Promise<Row[]> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows as Row[];
  } finally {
    await client.end();
  }
};

const askUntilAnswered = async (url: string, sql: string): Promise<unknown[]> => {
  const end = Date.now() + 20_000;
  for (;;) {
    try {
      return await ask(url, sql);
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
};

/** Another process that starts a server in `dir` and then does nothing. */
const startElsewhere = async (): Promise<{ owner: ChildProcess; server: number; url: string }> => {
  const module = new URL('./postgres.js', import.meta.url).href;
  const script = `import { startPostgres } from ${JSON.stringify(module)};
    const server = await startPostgres({ dir: ${JSON.stringify(dir)} });
    console.log(JSON.stringify({ server: server.pid(), url: server.url }));
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  owners.push(owner);
  const [line] = (await once(owner.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  return { owner, ...(JSON.parse(line.toString()) as { server: number; url: string }) };
};

const watchOf = (server: number): number | undefined =>
  readdirSync('/proc')
    .filter((name) => /^[0-9]+$/u.test(name))
    .map(Number)
    .find((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(
          `read -r _; kill -s "$0" "$1"\0INT\0${server}\0`,
        );
      } catch {
        return false;
      }
    });

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'linli-postgres-'));
  chmodSync(root, 0o755);
  dir = join(root, 'data');
});

afterEach(async () => {
  for (const server of running) await server.stop();
  for (const owner of owners) owner.kill('SIGKILL');
  running = [];
  owners = [];
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the embedded PostgreSQL', () => {
  it('starts within 5 s in an empty folder and answers as a login that is no superuser', async () => {
    const before = Date.now();
    const server = await start();
    expect(Date.now() - before).toBeLessThan(5000);
    const rows = await ask(server.url, 'select rolname, rolsuper from pg_roles where rolname = current_user');
    expect(rows).toEqual([{ rolname: 'linli', rolsuper: false }]);
  });

  it('keeps what was written over a stop and a start', async () => {
    const first = await start();
    await ask(first.url, 'create table kept (n int)');
    await ask(first.url, 'insert into kept values (7)');
    await first.stop();
    const second = await start();
    expect(await ask(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
  });

  it('lets nobody in without the password, not even from this machine', async () => {
    const server = await start();
    const url = new URL(server.url);
    url.password = 'guess';
    await expect(ask(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    await expect(ask(superuserUrl(url.href), 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('keeps its files to itself', async () => {
    await start();
    expect(statSync(join(dir, 'pgdata')).mode & 0o777).toBe(0o700);
    expect(statSync(join(dir, 'pgdata.password')).mode & 0o777).toBe(0o600);
  });

  it('sorts and searches Chinese text', async () => {
    const server = await start();
    await ask(server.url, 'create extension if not exists pg_trgm');
    const rows = await ask(server.url, `select array_length(show_trgm('楼道漏水'), 1) as n`);
    expect(rows).toEqual([{ n: 5 }]);
  });

  it('is durable by default and only by a word in a test not', async () => {
    const durable = await start();
    expect(await ask(durable.url, 'show fsync')).toEqual([{ fsync: 'on' }]);
    await durable.stop();
    const fast = await start({ durable: false });
    expect(await ask(fast.url, 'show fsync')).toEqual([{ fsync: 'off' }]);
  });

  it('refuses a second start in the same folder and names the process that has it', async () => {
    await start();
    await expect(startPostgres({ dir })).rejects.toMatchObject({
      code: 'STORE_DIR_IN_USE',
      message: expect.stringContaining(`process ${process.pid}`),
    });
  });

  it('refuses a folder that another living process uses, and leaves its server alone', async () => {
    const { owner, url } = await startElsewhere();
    await expect(startPostgres({ dir })).rejects.toMatchObject({
      code: 'STORE_DIR_IN_USE',
      message: expect.stringContaining(`process ${owner.pid}`),
    });
    expect(await ask(url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('ends with its process when that is killed', async () => {
    const { owner, server } = await startElsewhere();
    owner.kill('SIGKILL');
    expect(await hasEnded(server, 10_000)).toBe(true);
  });

  it('takes a server over that outlived its process, with all that it had committed', async () => {
    const { owner, server, url } = await startElsewhere();
    await ask(url, 'create table orphaned (n int)');
    process.kill(watchOf(server) as number, 'SIGKILL');
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(isAlive(server)).toBe(true);
    const taken = await start();
    expect(isAlive(server)).toBe(false);
    expect(await ask(taken.url, 'select count(*)::int as n from orphaned')).toEqual([{ n: 0 }]);
  });

  it('starts while the server of a killed process is still stopping', async () => {
    const { owner } = await startElsewhere();
    owner.kill('SIGKILL');
    const server = await start();
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('comes back by itself on the same port when the server is killed', async () => {
    const heard: string[] = [];
    const server = await start({ onTrouble: (message) => heard.push(message) });
    await ask(server.url, 'create table survived (n int)');
    const killed = server.pid();
    process.kill(killed, 'SIGKILL');
    await waitFor(() => (server.pid() === killed ? undefined : true), 5000);
    expect(await askUntilAnswered(server.url, 'select count(*)::int as n from survived')).toEqual([{ n: 0 }]);
    expect(heard).toContain('PostgreSQL ended unasked: signal SIGKILL');
    expect(server.pid()).not.toBe(killed);
  });

  it('stays in hand when its owner’s session is ended', async () => {
    const server = await start();
    const ownerSessions = "from pg_stat_activity where application_name like 'linli owner %'";
    await ask(superuserUrl(server.url), `select pg_terminate_backend(pid) ${ownerSessions}`);
    const end = Date.now() + 5000;
    while (
      (await ask(superuserUrl(server.url), `select 1 ${ownerSessions}`)).length === 0 &&
      Date.now() < end
    );
    await expect(startPostgres({ dir })).rejects.toMatchObject({ code: 'STORE_DIR_IN_USE' });
  });

  it('is not misled by a pid file whose process is now somebody else', async () => {
    const first = await start();
    await first.stop();
    writeFileSync(
      join(dir, 'pgdata', 'postmaster.pid'),
      `${process.pid}\n${dir}\n0\n1\n\n127.0.0.1\n\nready\n`,
    );
    const second = await start();
    expect(await ask(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('throws away a cluster that was only half made', async () => {
    const half = join(root, 'half');
    mkdirSync(join(half, 'pgdata.new'), { recursive: true });
    writeFileSync(join(half, 'pgdata.new', 'PG_VERSION'), '18\n');
    const server = await start({ dir: half });
    expect(await ask(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('says with the log what kept it from starting', async () => {
    const first = await start();
    const other = join(root, 'other');
    await expect(startPostgres({ dir: other, port: first.port })).rejects.toMatchObject({
      code: 'STORE_START_FAILED',
      message: expect.stringContaining('Address already in use'),
    });
  });

  const asRoot = process.getuid?.() === 0 ? it : it.skip;
  asRoot('serves root from a folder that is closed to others', async () => {
    const closed = join(root, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    const server = await start({ dir: join(closed, 'data') });
    const [row] = await ask<{ place: string }>(superuserUrl(server.url), 'show data_directory');
    const place = Object.values(row as object)[0] as string;
    await server.stop();
    expect(place).toMatch(/^\/var\/lib\/linli\/[0-9a-f]{16}$/u);
    const again = await start({ dir: join(closed, 'data') });
    expect(await ask(again.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await again.stop();
    for (const path of [place, `${place}.password`]) rmSync(path, { recursive: true, force: true });
  });
});
