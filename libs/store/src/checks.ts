import type { Client } from 'pg';
import { StoreFault } from './fault.js';

interface Settings {
  readonly version: number;
  readonly fsync: string;
  readonly synchronous_commit: string;
  readonly full_page_writes: string;
  readonly encoding: string;
  readonly ctype: string;
  readonly provider: string;
}

const OLDEST = 150_000;

const read = async (client: Client): Promise<Settings> => {
  const { rows } = await client.query<Settings>(
    `select current_setting('server_version_num')::int as version, current_setting('fsync') as fsync,
            current_setting('synchronous_commit') as synchronous_commit,
            current_setting('full_page_writes') as full_page_writes, pg_encoding_to_char(encoding) as encoding,
            datctype as ctype, datlocprovider as provider
       from pg_database where datname = current_database()`,
  );
  return rows[0] as Settings;
};

const checkDurability = (found: Settings): void => {
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes'] as const)
    if (found[setting] === 'off')
      throw new StoreFault(
        'STORE_UNSAFE',
        `The server runs with ${setting}=off: it forgets what it confirmed.`,
      );
};

/** Under a C ctype, character classes know ASCII only: searches in Chinese text find nothing, silently. */
const checkText = (found: Settings): void => {
  if (found.encoding !== 'UTF8')
    throw new StoreFault('STORE_ENCODING', `The database is encoded in ${found.encoding}; it must be UTF8.`);
  if (found.provider === 'c' && ['C', 'POSIX'].includes(found.ctype))
    throw new StoreFault('STORE_CTYPE', `LC_CTYPE is ${found.ctype}; make the database with C.UTF-8.`);
};

/** Refuses a server that would break a promise. */
export const checkServer = async (client: Client, allowUnsafe: boolean): Promise<void> => {
  const found = await read(client);
  if (found.version < OLDEST)
    throw new StoreFault(
      'STORE_TOO_OLD',
      `PostgreSQL ${Math.floor(found.version / 10_000)} is older than 15.`,
    );
  checkText(found);
  if (!allowUnsafe) checkDurability(found);
};
