import { startPostgres, type PostgresStack } from '@linli/stack';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export interface FreshDatabase {
  readonly url: string;
  /** Removes it, also from under those who are still connected. */
  drop(): Promise<void>;
}

const onServer = async (url: string, sql: string): Promise<void> => {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
};

/** A new empty database on the stack's server: what one suite does is not seen by another. */
export const freshDatabase = async (stack: { readonly databaseUrl: string }): Promise<FreshDatabase> => {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(stack.databaseUrl, `create database ${name}`);
  const url = new URL(stack.databaseUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(stack.databaseUrl, `drop database ${name} with (force)`) };
};

/**
 * A PostgreSQL of one's own, anywhere, in under a second. Not durable, so `openDatabase` wants `allowUnsafe`; with
 * `durable` as in production.
 */
export const embeddedDatabase = (options: { readonly durable?: boolean } = {}): Promise<PostgresStack> =>
  startPostgres({ durable: options.durable ?? false });
