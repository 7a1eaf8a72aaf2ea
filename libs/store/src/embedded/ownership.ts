import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { StoreFault } from '../fault.js';
import { SUPERUSER, urlOf, type Cluster } from './cluster.js';
import { endProcess, hasEnded } from './process.js';
import { runningPostmaster, type Postmaster } from './server.js';

/**
 * Who may use the cluster: the process whose session holds this advisory lock. The kernel closes the session with the
 * process, however it ends, so a lock that can be had means a server without an owner.
 */
const LOCK = "hashtextextended('linli embedded owner', 0)";
const ANSWER_WITHIN_MS = 10_000;

/** Fast shutdown, then immediate (the next start recovers from the log), then by force. */
export const SHUTDOWN = [
  { signal: 'SIGINT', graceMs: 10_000 },
  { signal: 'SIGQUIT', graceMs: 5_000 },
  { signal: 'SIGKILL', graceMs: 5_000 },
] as const;

const connect = async (cluster: Cluster, port: number): Promise<Client> => {
  const client = new Client({
    connectionString: urlOf(cluster, port, SUPERUSER, 'postgres'),
    application_name: `linli owner ${process.pid}`,
    connectionTimeoutMillis: 3000,
    query_timeout: 3000,
    keepAlive: true,
  });
  // A lost session also fails whatever is asked of it next; unheard, the event would end the process.
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

const take = async (client: Client): Promise<boolean> => {
  const { rows } = await client.query<{ taken: boolean }>(`select pg_try_advisory_lock(${LOCK}) as taken`);
  return rows[0]?.taken === true;
};

const holder = async (client: Client): Promise<string> => {
  const { rows } = await client.query<{ name: string }>(
    "select application_name as name from pg_stat_activity where application_name like 'linli owner %' and pid <> pg_backend_pid()",
  );
  return rows.map((row) => row.name.replace('linli owner ', 'process ')).join(', ') || 'another process';
};

const inUse = (cluster: Cluster, by: string): StoreFault =>
  new StoreFault(
    'STORE_DIR_IN_USE',
    `${cluster.dir} is in use by ${by}. Stop it, or choose another folder (LINLI_DATA_DIR).`,
  );

/** The session that owns the cluster; closing it gives the cluster up. */
export const own = async (cluster: Cluster, port: number): Promise<Client> => {
  const client = await connect(cluster, port);
  try {
    if (await take(client)) return client;
    throw inUse(cluster, await holder(client));
  } catch (error) {
    await client.end();
    throw error;
  }
};

/** A server just starting, or just stopping, does not answer yet or no more; it is asked again for a while. */
const askOwner = async (cluster: Cluster, server: Postmaster): Promise<'orphan' | 'gone'> => {
  for (const end = performance.now() + ANSWER_WITHIN_MS; ;) {
    try {
      const client = await own(cluster, server.port);
      await client.end();
      return 'orphan';
    } catch (error) {
      if (error instanceof StoreFault) throw error;
      if (await hasEnded(server.pid, 200)) return 'gone';
      if (performance.now() > end)
        throw inUse(cluster, `a PostgreSQL server (process ${server.pid}) that does not answer`);
      await delay(100);
    }
  }
};

/**
 * Clears the way for a start. A server left by a process that died is stopped, so that the new one runs with today's
 * binaries and settings under a process that watches it; one that has a living owner is left alone and refused.
 */
export const evictOrphan = async (cluster: Cluster): Promise<void> => {
  const server = runningPostmaster(cluster);
  if (!server || (await askOwner(cluster, server)) === 'gone') return;
  if (!(await endProcess(server.pid, SHUTDOWN)))
    throw inUse(cluster, `a PostgreSQL server (process ${server.pid}) that cannot be stopped`);
};
