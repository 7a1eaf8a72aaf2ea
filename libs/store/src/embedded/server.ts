import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StoreFault } from '../fault.js';
import type { Cluster } from './cluster.js';
import { isAlive, spawnService, waitFor, workingDirectoryOf, type Service } from './process.js';

/** The server that a cluster's `postmaster.pid` tells of, when it runs. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly status: string;
}

const READY_WITHIN_MS = 120_000;
const LOG_LIMIT = 10_000_000;

const readPidFile = (pgdata: string): Postmaster | null => {
  try {
    const lines = readFileSync(join(pgdata, 'postmaster.pid'), 'utf8').split('\n');
    return { pid: Number(lines[0]), port: Number(lines[3]), status: lines[7]?.trim() ?? 'starting' };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

/** After a crash the file stays behind, and its process id may since belong to somebody else. */
export const runningPostmaster = (cluster: Cluster): Postmaster | null => {
  const found = readPidFile(cluster.pgdata);
  if (!found || !isAlive(found.pid)) return null;
  const cwd = workingDirectoryOf(found.pid);
  return cwd === null || cwd === cluster.pgdata ? found : null;
};

const settings = (port: number, durable: boolean): string[] => {
  const safe = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '64MB',
    // A young database gets its statistics within seconds, not within a minute.
    autovacuum_naptime: '5s',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  const unsafe = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const all = durable ? safe : { ...safe, ...unsafe };
  return ['-p', String(port), ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
};

const openLog = (path: string): number => {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
};

/** What the log says since `from`, for a message about a failed start. */
const logSince = (path: string, from: number): string =>
  readFileSync(path).subarray(from).toString('utf8').trim().slice(-2000);

const untilReady = async (cluster: Cluster, service: Service): Promise<string | undefined> => {
  let ended: string | undefined;
  void service.exited.then((how) => (ended = how));
  const ready = (): string | undefined => {
    const seen = readPidFile(cluster.pgdata);
    return seen?.pid === service.pid && seen.status === 'ready' ? 'ready' : ended;
  };
  return waitFor(ready, READY_WITHIN_MS, 10);
};

/** Starts the server and resolves when it takes connections. */
export const serve = async (cluster: Cluster, port: number, durable: boolean): Promise<Service> => {
  // A live process under this id is not ours (see `runningPostmaster`); the server itself could not tell.
  if (!runningPostmaster(cluster)) rmSync(join(cluster.pgdata, 'postmaster.pid'), { force: true });
  const log = openLog(cluster.log);
  const from = statSync(cluster.log).size;
  const service = await spawnService(
    join(cluster.binaries, 'bin', 'postgres'),
    ['-D', cluster.pgdata, ...settings(port, durable)],
    { ...cluster.account, cwd: '/', stdio: ['ignore', log, log], lastSignal: 'INT' },
  ).finally(() => closeSync(log));
  const state = await untilReady(cluster, service);
  if (state === 'ready') return service;
  service.child.kill('SIGQUIT');
  const what = state === undefined ? `was not ready within ${READY_WITHIN_MS / 1000} s` : `ended (${state})`;
  throw new StoreFault('STORE_START_FAILED', `PostgreSQL ${what}:\n${logSince(cluster.log, from)}`);
};
