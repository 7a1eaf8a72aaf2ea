import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { checkServer } from './checks.js';
import type { MigrationClass } from './database.js';
import { StoreFault } from './fault.js';
import { ensureRoles, ownerRole } from './roles.js';
import { clientOptions, openPool, type SessionSpec } from './session.js';

/** How long a process waits for another one that migrates the same schema. */
const TURN_WITHIN_MS = 120_000;
/** A statement waits 2 s for a table in use, so that those behind it do not pile up; then the migration comes again. */
const migrationLimits = { statement_timeout: '10min', lock_timeout: '2s' } as const;
const ATTEMPTS = 5;

export interface MigrationJob {
  readonly url: string;
  readonly schema: string;
  readonly migrations: readonly MigrationClass[];
  readonly allowUnsafe: boolean;
  readonly applicationName: string;
}

const lockKey = (schema: string): string => `hashtextextended('linli migrations ${schema}', 0)`;

/** Polled, not waited for in the server, so that the wait has our bound and our words. */
const awaitTurn = async (client: Client, schema: string): Promise<void> => {
  for (const end = performance.now() + TURN_WITHIN_MS; ; await delay(100)) {
    const { rows } = await client.query<{ mine: boolean }>(
      `select pg_try_advisory_lock(${lockKey(schema)}) as mine`,
    );
    if (rows[0]?.mine) return;
    if (performance.now() > end)
      throw new StoreFault(
        'STORE_MIGRATION_TURN',
        `Another process has been migrating "${schema}" for ${TURN_WITHIN_MS / 1000} s.`,
      );
  }
};

const applied = async (source: DataSource): Promise<string[]> => {
  const present = await source.query<unknown[]>(`select 1 where to_regclass('migration') is not null`);
  if (present.length === 0) return [];
  const rows = await source.query<{ name: string }[]>('select name from migration order by id');
  return rows.map((row) => row.name);
};

/** A newer version has been here: its tables may not be what this one expects. */
const refuseNewer = async (source: DataSource, { schema, migrations }: MigrationJob): Promise<void> => {
  const known = new Set(migrations.map((migration) => new migration().name ?? migration.name));
  const unknown = (await applied(source)).filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new StoreFault(
      'STORE_SCHEMA_NEWER',
      `Schema "${schema}" has migrations that this version does not know (${unknown.join(', ')}). Start the version that made them, or a later one.`,
    );
};

const isLockTimeout = (error: unknown): boolean =>
  (error as { driverError?: { code?: string } }).driverError?.code === '55P03';

const runAll = async (source: DataSource): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await source.runMigrations({ transaction: 'each' });
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !isLockTimeout(error)) throw error;
      await delay(attempt * 500);
    }
  }
};

const migrateAsOwner = async (job: MigrationJob): Promise<void> => {
  const spec: SessionSpec = {
    ...job,
    role: ownerRole(job.schema),
    poolSize: 1,
    limits: migrationLimits,
    answerWithinMs: 0,
    onIdleError: () => undefined,
  };
  const source = await openPool(spec);
  try {
    await refuseNewer(source, job);
    await runAll(source);
  } finally {
    await source.destroy();
  }
};

/** Brings a schema up to date, one process at a time; whoever comes second finds it done. */
export const migrate = async (job: MigrationJob): Promise<void> => {
  const client = new Client({
    ...clientOptions({ schema: job.schema, role: null }),
    connectionString: job.url,
    application_name: `${job.applicationName} migrations`,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await checkServer(client, job.allowUnsafe);
    await awaitTurn(client, job.schema);
    await ensureRoles(client, job.schema);
    await migrateAsOwner(job);
  } finally {
    await client.end();
  }
};
