import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { StoreFault } from '../fault.js';

/** Whom the server runs as; empty when that is ourselves. PostgreSQL refuses to run as root. */
export type Account = { readonly uid: number; readonly gid: number } | Record<string, never>;

const idOf = (flag: '-u' | '-g', name: string): number =>
  Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout);

const unprivileged = (): Account => {
  for (const name of ['postgres', 'nobody']) {
    const account = { uid: idOf('-u', name), gid: idOf('-g', name) };
    if (account.uid > 0 && account.gid > 0) return account;
  }
  throw new StoreFault(
    'STORE_NO_ACCOUNT',
    'PostgreSQL does not run as root, and there is neither a user "postgres" nor "nobody".',
  );
};

/** An existing cluster keeps its owner: it may have been made by another user than today's. */
export const accountFor = (pgdata: string): Account => {
  if (process.getuid?.() !== 0) return {};
  const owner = statSync(pgdata, { throwIfNoEntry: false });
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : unprivileged();
};

/** True when the account can pass through every folder above `path`, and through `path` itself. */
export const canEnter = (account: Account, path: string): boolean =>
  spawnSync('test', ['-x', path], { ...account, cwd: '/' }).status === 0;
