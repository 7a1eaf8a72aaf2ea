import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** The login that the embedded PostgreSQL makes for the services. */
const LOGIN = 'linli';

/** URL of the embedded PostgreSQL that runs on `dir`, from its own files; null when none does. */
export const runningUrl = (dir: string): string | null => {
  try {
    const pgdata = realpathSync(join(dir, 'pgdata'));
    const port = readFileSync(join(pgdata, 'postmaster.pid'), 'utf8').split('\n')[3]?.trim();
    const password = readFileSync(`${pgdata}.password`, 'utf8');
    return port ? `postgres://${LOGIN}:${password}@127.0.0.1:${port}/${LOGIN}` : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};
