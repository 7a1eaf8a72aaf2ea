import type { Client } from 'pg';
import { right, unknown, wrong, type Finding } from './finding.js';

interface Server {
  readonly version: string;
  readonly number: number;
  readonly encoding: string;
  readonly fsync: string;
  readonly synchronous: string;
  readonly pages: string;
  readonly used: number;
  readonly most: number;
  readonly size: string;
}

const OLDEST = 150_000;
const LONG_S = 60;
const CROWDED = 0.8;

const server = `select current_setting('server_version') as version,
  current_setting('server_version_num')::int as number, pg_encoding_to_char(encoding) as encoding,
  current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous,
  current_setting('full_page_writes') as pages, (select count(*)::int from pg_stat_activity) as used,
  current_setting('max_connections')::int as most, pg_size_pretty(pg_database_size(current_database())) as size
  from pg_database where datname = current_database()`;

const onOff = (name: string, value: string): Finding =>
  value === 'off'
    ? wrong(
        'database',
        `${name} is off: the server forgets what it confirmed`,
        `alter system set ${name} = on; and restart it`,
      )
    : right('database', `${name} is ${value}`);

const settings = (found: Server): Finding[] => [
  found.number < OLDEST
    ? wrong('database', `PostgreSQL ${found.version} is too old`, 'upgrade it to 15 or later')
    : right('database', `PostgreSQL ${found.version}, ${found.size}`),
  found.encoding === 'UTF8'
    ? right('database', 'encoded in UTF8')
    : wrong(
        'database',
        `encoded in ${found.encoding}`,
        'make the database with encoding UTF8 and restore into it',
      ),
  onOff('fsync', found.fsync),
  onOff('synchronous_commit', found.synchronous),
  onOff('full_page_writes', found.pages),
  found.used > found.most * CROWDED
    ? wrong(
        'database',
        `${found.used} of ${found.most} connections are used`,
        'raise max_connections, or run fewer processes',
      )
    : right('database', `${found.used} of ${found.most} connections are used`),
];

/** Every service has a schema, an owner role and a reader role of its own. */
const roles = async (client: Client, schemas: readonly string[]): Promise<Finding[]> => {
  const wanted = schemas.flatMap((schema) => [`linli_${schema}`, `linli_${schema}_reader`]);
  const { rows } = await client.query<{ rolname: string }>(
    'select rolname from pg_roles where rolname = any($1::text[])',
    [wanted],
  );
  const missing = wanted.filter((role) => !rows.some(({ rolname }) => rolname === role));
  return missing.length === 0
    ? [right('database', `roles ${wanted.join(', ')} are there`)]
    : [
        wrong(
          'database',
          `roles are missing: ${missing.join(', ')}`,
          'start the services once; the login needs CREATEROLE for it',
        ),
      ];
};

export interface Expected {
  readonly schema: string;
  readonly migrations: readonly string[];
}

/** Names of migrations that a database has, and whether its release knows them. */
const migrations = async (client: Client, { schema, migrations: known }: Expected): Promise<Finding> => {
  const there = await client.query<{ at: string | null }>(`select to_regclass($1) as at`, [
    `${schema}.migration`,
  ]);
  if (!there.rows[0]?.at)
    return wrong(
      'database',
      `schema ${schema} was never migrated`,
      'start the service once: it migrates by itself',
    );
  const { rows } = await client.query<{ name: string }>(`select name from ${schema}.migration order by id`);
  const done = rows.map(({ name }) => name);
  const missing = known.filter((name) => !done.includes(name));
  const newer = done.filter((name) => !known.includes(name));
  if (missing.length > 0)
    return wrong(
      'database',
      `schema ${schema} lacks ${missing.join(', ')}`,
      'start the service: it migrates by itself',
    );
  return newer.length > 0
    ? wrong(
        'database',
        `schema ${schema} was migrated by a newer release: ${newer.join(', ')}`,
        'update this release',
      )
    : right('database', `schema ${schema} has all ${known.length} migrations`);
};

const longTransactions = async (client: Client): Promise<Finding[]> => {
  const { rows } = await client.query<{ pid: number; name: string; seconds: number; state: string }>(
    `select pid, application_name as name, extract(epoch from clock_timestamp() - xact_start)::int as seconds, state
     from pg_stat_activity where xact_start < clock_timestamp() - make_interval(secs => $1) and pid <> pg_backend_pid()
       and backend_type = 'client backend'`,
    [LONG_S],
  );
  if (rows.length === 0) return [right('database', `no transaction is older than ${LONG_S} s`)];
  return rows.map(({ pid, name, seconds, state }) =>
    wrong(
      'database',
      `${name || 'somebody'} (pid ${pid}) holds a transaction open for ${seconds} s, ${state}`,
      `find out what it is; select pg_terminate_backend(${pid})`,
    ),
  );
};

export const examineDatabase = async (client: Client, expected: readonly Expected[]): Promise<Finding[]> => {
  const { rows } = await client.query<Server>(server);
  const [found] = rows;
  if (!found) return [unknown('database', 'its settings cannot be read')];
  const schemas = expected.map(({ schema }) => schema);
  const migrated: Finding[] = [];
  for (const one of expected) migrated.push(await migrations(client, one));
  return [
    ...settings(found),
    ...(await roles(client, schemas)),
    ...migrated,
    ...(await longTransactions(client)),
  ];
};
