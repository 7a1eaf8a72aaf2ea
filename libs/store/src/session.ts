import { Client, types as defaults, type ClientConfig } from 'pg';
import { DataSource, type DataSourceOptions } from 'typeorm';
import type { MigrationClass } from './database.js';
import { silent } from './silent-logger.js';

/** What every session of ours is held to; a stopped client must not keep locks, nor a frozen server keep us. */
const limits = {
  statement_timeout: '15s',
  lock_timeout: '3s',
  idle_in_transaction_session_timeout: '10s',
  client_connection_check_interval: '5s',
  tcp_keepalives_idle: '10',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '20000',
  timezone: 'UTC',
};

export type SessionLimits = Partial<Record<keyof typeof limits, string>>;

type Session = Pick<SessionSpec, 'schema' | 'role' | 'limits' | 'answerWithinMs'>;

/** Longer than `statement_timeout`: it is for a server that does not even answer "cancelled". */
const ANSWER_WITHIN_MS = 20_000;
const CONNECT_WITHIN_MS = 3_000;

const INT8 = 20;
const INT8_ARRAY = 1016;

type Parse = (text: string) => unknown;

const parserOf = defaults.getTypeParser as unknown as (oid: number, format?: string) => Parse;

const toNumber = (text: string): number => {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`bigint ${text} is beyond 2^53; read it as text`);
};

const deepNumbers = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(deepNumbers);
  return typeof value === 'string' ? toNumber(value) : value;
};

/** bigint as number, guarded; the rest as pg does (timestamptz as Date, numeric as text). */
const types = {
  getTypeParser: (oid: number, format?: string): Parse => {
    if (oid === INT8) return toNumber;
    const parse = parserOf(oid, format);
    return oid === INT8_ARRAY ? (text) => deepNumbers(parse(text)) : parse;
  },
};

/**
 * Between the pool and whoever takes the connection nobody listens for a moment. A server that dies just then would end
 * the process by an error that nobody hears; the next statement fails of it all the same.
 */
class HeardClient extends Client {
  constructor(config?: ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

export interface SessionSpec {
  readonly url: string;
  readonly schema: string;
  readonly role: string | null;
  readonly applicationName: string;
  readonly poolSize: number;
  readonly limits?: SessionLimits;
  /** How long to wait for any answer; 0 = as long as it takes. */
  readonly answerWithinMs?: number;
  readonly migrations?: readonly MigrationClass[];
  readonly onIdleError: (error: Error) => void;
}

const startupOptions = (spec: Session): string => {
  const all = { search_path: spec.schema, ...(spec.role && { role: spec.role }), ...limits, ...spec.limits };
  return Object.entries(all)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
};

/** What a pg client or pool of ours is made with. */
export const clientOptions = (spec: Session): ClientConfig => ({
  options: startupOptions(spec),
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  connectionTimeoutMillis: CONNECT_WITHIN_MS,
  query_timeout: spec.answerWithinMs ?? ANSWER_WITHIN_MS,
  types,
});

const dataSourceOptions = (spec: SessionSpec): DataSourceOptions => ({
  type: 'postgres',
  url: spec.url,
  schema: spec.schema,
  applicationName: spec.applicationName,
  poolSize: spec.poolSize,
  poolErrorHandler: spec.onIdleError,
  installExtensions: false,
  logger: silent,
  migrations: [...(spec.migrations ?? [])],
  migrationsTableName: 'migration',
  migrationsTransactionMode: 'each',
  // Statements that do not wait for each other's answers are sent at once; the server does them in that order.
  extra: { ...clientOptions(spec), idleTimeoutMillis: 30_000, pipeline: true, Client: HeardClient },
});

/** One pool, connected. */
export const openPool = (spec: SessionSpec): Promise<DataSource> =>
  new DataSource(dataSourceOptions(spec)).initialize();
