import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { accountFor, canEnter, type Account } from './account.js';
import { binariesFor } from './binaries.js';

/** A PostgreSQL cluster on disk, ready to be served. */
export interface Cluster {
  /** The folder that the caller named. */
  readonly dir: string;
  readonly pgdata: string;
  readonly password: string;
  readonly account: Account;
  readonly binaries: string;
  readonly log: string;
}

/** Bootstrap superuser; the services log in as `LOGIN`. */
export const SUPERUSER = 'postgres';
export const LOGIN = 'linli';

const own = (path: string, account: Account): void => {
  if ('uid' in account) chownSync(path, account.uid, account.gid);
};

/** The account must pass through the folder that was handed to us; what lies in it stays closed. */
const letThrough = (dir: string): void => {
  const { mode, uid } = statSync(dir);
  if (uid === process.getuid?.()) chmodSync(dir, (mode & 0o777) | 0o011);
};

/**
 * Where the cluster lies: `<dir>/pgdata`. When a folder above is closed to the account that serves (root's own home),
 * it lies in /var/lib/linli, and `<dir>/pgdata` is a link to it.
 */
const place = (dir: string): string => {
  const pgdata = join(dir, 'pgdata');
  const account = accountFor(pgdata);
  if ('uid' in account) letThrough(dir);
  const found = lstatSync(pgdata, { throwIfNoEntry: false });
  if (found?.isSymbolicLink()) return readlinkSync(pgdata);
  if (found || canEnter(account, dir)) return pgdata;
  const elsewhere = join('/var/lib/linli', randomBytes(8).toString('hex'));
  mkdirSync('/var/lib/linli', { recursive: true, mode: 0o755 });
  symlinkSync(elsewhere, pgdata);
  return elsewhere;
};

const passwordFor = (pgdata: string, account: Account): string => {
  const file = `${pgdata}.password`;
  if (!existsSync(file)) {
    writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600, flag: 'wx' });
    own(file, account);
  }
  return readFileSync(file, 'utf8');
};

/** C.UTF-8 and not C: under C the trigram index finds nothing in Chinese text. */
const initdbArguments = (target: string, passwordFile: string): string[] => [
  ...['-D', target, '-U', SUPERUSER, '--auth=scram-sha-256', `--pwfile=${passwordFile}`],
  ...['-E', 'UTF8', '--locale=C.UTF-8', '--no-instructions'],
];

/** Made beside its place and moved there whole, so that a start cut short leaves nothing half made. */
const create = async (cluster: Cluster, durable: boolean): Promise<void> => {
  const draft = `${cluster.pgdata}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  own(draft, cluster.account);
  const args = initdbArguments(draft, `${cluster.pgdata}.password`);
  await promisify(execFile)(
    join(cluster.binaries, 'bin', 'initdb'),
    durable ? args : [...args, '--no-sync'],
    {
      ...cluster.account,
      cwd: '/',
    },
  );
  renameSync(draft, cluster.pgdata);
};

/** Opens the cluster in `dir`, making it first when there is none. */
export const openCluster = async (where: string, durable: boolean): Promise<Cluster> => {
  mkdirSync(where, { recursive: true, mode: 0o755 });
  const dir = realpathSync(resolve(where));
  const pgdata = place(dir);
  const account = accountFor(pgdata);
  const cluster: Cluster = {
    dir,
    pgdata,
    account,
    password: passwordFor(pgdata, account),
    binaries: binariesFor(account),
    log: join(dir, 'postgres.log'),
  };
  if (existsSync(join(pgdata, 'PG_VERSION'))) chmodSync(pgdata, 0o700);
  else await create(cluster, durable);
  return cluster;
};

export const urlOf = (cluster: Cluster, port: number, user: string, database: string): string =>
  `postgres://${user}:${cluster.password}@127.0.0.1:${port}/${database}`;
