import type { Pool as PgPool } from 'pg';
import type { DataSource } from 'typeorm';
import type { Database, MigrationClass, Pool, PoolUse } from './database.js';
import { migrate } from './migrate.js';
import { beginReading, type Reader } from './reading.js';
import { checkSchemaName, ownerRole } from './roles.js';
import { openPool } from './session.js';
import type { Transaction } from './transaction.js';
import { runTransaction, singleStatements } from './work.js';

export interface DatabaseOptions {
  readonly url: string;
  readonly schema: string;
  readonly migrations: readonly MigrationClass[];
  /** Connections of each pool at most; by default http 10, consumer 8, relay 4. */
  readonly pools?: Partial<Record<Pool, number>>;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string;
  /** Takes a server that does not keep what it confirmed (fsync=off): for tests only. */
  readonly allowUnsafe?: boolean;
  /** Told when an idle connection breaks; the pool replaces it by itself. */
  readonly onIdleError?: (error: Error) => void;
}

const defaultPools: Readonly<Record<Pool, number>> = { http: 10, consumer: 8, relay: 4 };
const DRAIN_WITHIN_MS = 5_000;

/** TypeORM's driver holds the pool of pg. */
const useOf = (name: Pool, source: DataSource): PoolUse => {
  const pool = (source.driver as unknown as { readonly master: PgPool }).master;
  return {
    ...{ name, max: pool.options.max, idle: pool.idleCount, waiting: pool.waitingCount },
    used: pool.totalCount - pool.idleCount,
  };
};

class ServiceDatabase implements Database {
  readonly #running = new Set<Promise<unknown>>();
  #closed: Promise<void> | null = null;

  constructor(
    readonly schema: string,
    private readonly sources: Readonly<Record<Pool, DataSource>>,
  ) {}

  transaction<T>(pool: Pool, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#track(runTransaction(this.sources[pool], (connection) => connection.query('BEGIN'), work));
  }

  connection(pool: Pool): Transaction {
    return singleStatements(this.sources[pool]);
  }

  readAs<T>(reader: Reader, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#track(runTransaction(this.sources.http, beginReading(this.schema, reader), work));
  }

  pools(): readonly PoolUse[] {
    return Object.entries(this.sources).map(([name, source]) => useOf(name as Pool, source));
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** TypeORM takes the connections from running transactions when it closes: they get a moment to end. */
  async #close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise((resolve) => (timer = setTimeout(resolve, DRAIN_WITHIN_MS)));
    await Promise.race([Promise.allSettled(this.#running), patience]);
    clearTimeout(timer);
    await Promise.all(Object.values(this.sources).map((pool) => pool.destroy()));
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
    }
  }
}

const openPools = async (options: DatabaseOptions): Promise<Record<Pool, DataSource>> => {
  const { url, schema, applicationName = 'linli' } = options;
  const open = (pool: Pool): Promise<DataSource> =>
    openPool({
      url,
      schema,
      role: ownerRole(schema),
      applicationName: `${applicationName} ${schema} ${pool}`.slice(0, 63),
      poolSize: options.pools?.[pool] ?? defaultPools[pool],
      onIdleError: options.onIdleError ?? (() => undefined),
    });
  const [http, consumer, relay] = await Promise.all([open('http'), open('consumer'), open('relay')]);
  return { http, consumer, relay };
};

/**
 * Brings the schema up to date and opens the pools of one service.
 * Rejects with a `StoreFault` when the server or the schema cannot be trusted.
 */
export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  checkSchemaName(options.schema);
  await migrate({
    url: options.url,
    schema: options.schema,
    migrations: options.migrations,
    allowUnsafe: options.allowUnsafe ?? false,
    applicationName: options.applicationName ?? 'linli',
  });
  return new ServiceDatabase(options.schema, await openPools(options));
};
