import type { Duplex } from 'node:stream';
import type { ClientBase } from 'pg';
import type { DataSource, QueryResult, QueryRunner } from 'typeorm';
import type { Transaction } from './transaction.js';

/** TypeORM's query runner of PostgreSQL can drop its connection instead of giving it back; its interface does not tell. */
interface Connection extends QueryRunner {
  releasePostgresConnection(error?: Error): Promise<void>;
}

type Run = (sql: string, parameters?: readonly unknown[]) => Promise<QueryResult<unknown>>;

const asTransaction = (run: Run): Transaction => ({
  query: async <Row>(sql: string, parameters?: readonly unknown[]) =>
    (await run(sql, parameters)).records as Row[],
  execute: async (sql, parameters) => (await run(sql, parameters)).affected ?? 0,
});

/** pg's client, with the socket that its types do not show. */
type Client = ClientBase & { readonly connection?: { readonly stream: Duplex } };

/** What is sent in one turn leaves in one write. */
const gather = ({ connection }: Client): void => {
  if (!connection || connection.stream.writableCorked > 0) return;
  connection.stream.cork();
  process.nextTick(() => connection.stream.uncork());
};

const runOn =
  (connection: QueryRunner, client?: Client): Run =>
  (sql, parameters) => {
    if (client) gather(client);
    return connection.query(sql, parameters ? [...parameters] : undefined, true);
  };

/** The connection after a failure is only as good as its answer to ROLLBACK; without one it is dropped. */
const rollBack = async (connection: Connection): Promise<void> => {
  try {
    await connection.query('ROLLBACK');
    await connection.release();
  } catch (error) {
    await connection.releasePostgresConnection(error as Error);
  }
};

const isUnanswered = (error: unknown): boolean => {
  const { message, driverError } = error as Error & { driverError?: Error };
  return (driverError?.message ?? message) === 'Query read timeout';
};

/** A connection that still owes an answer would make the next statement wait for it. */
const abandon = async (connection: Connection, error: unknown): Promise<void> => {
  if (isUnanswered(error)) await connection.releasePostgresConnection(error as Error);
  else await rollBack(connection);
};

/**
 * PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, not with an error: when `work` swallowed the error of
 * a statement, its writes would be lost without a word.
 */
const commit = async (connection: QueryRunner): Promise<void> => {
  const client = (await connection.connect()) as ClientBase;
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT')
    throw new Error(
      'The transaction was rolled back: one of its statements had failed, and the error was not passed on.',
    );
};

export type Begin = (connection: QueryRunner) => Promise<unknown>;

/** `work` on a transaction that refuses to be used after its end. */
const runWork = async <T>(
  connection: QueryRunner,
  client: Client,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> => {
  let over = false;
  const run = runOn(connection, client);
  const guarded: Run = async (sql, parameters) => {
    if (over) throw new Error('The transaction has ended; a statement was not awaited.');
    return run(sql, parameters);
  };
  try {
    return await work(asTransaction(guarded));
  } finally {
    over = true;
  }
};

export const runTransaction = async <T>(
  pool: DataSource,
  begin: Begin,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> => {
  const connection = pool.createQueryRunner() as Connection;
  const client = (await connection.connect()) as Client;
  try {
    await begin(connection);
    const result = await runWork(connection, client, work);
    await commit(connection);
    await connection.release();
    return result;
  } catch (error) {
    await abandon(connection, error);
    throw error;
  }
};

const runAlone =
  (pool: DataSource): Run =>
  async (sql, parameters) => {
    const connection = pool.createQueryRunner() as Connection;
    try {
      const result = await runOn(connection)(sql, parameters);
      await connection.release();
      return result;
    } catch (error) {
      await connection.releasePostgresConnection(isUnanswered(error) ? (error as Error) : undefined);
      throw error;
    }
  };

/** Each statement on a connection of its own. */
export const singleStatements = (pool: DataSource): Transaction => asTransaction(runAlone(pool));
