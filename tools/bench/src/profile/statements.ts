import { superuserUrl } from '@linli/store';
import type { Stack } from '@linli/stack';
import { Client } from 'pg';

const superuser = async <T>(stack: Stack, work: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ connectionString: superuserUrl(stack.env.DATABASE_URL) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

/** Lets the server count its statements; it is started anew for that. */
export const countStatements = async (stack: Stack): Promise<void> => {
  await superuser(stack, (client) =>
    client.query(`alter system set shared_preload_libraries = 'pg_stat_statements'`),
  );
  await stack.postgres.restart();
  await superuser(stack, (client) => client.query('create extension if not exists pg_stat_statements'));
};

export const forgetStatements = (stack: Stack): Promise<unknown> =>
  superuser(stack, (client) => client.query('select pg_stat_statements_reset()'));

export interface Statement {
  readonly query: string;
  readonly calls: number;
  readonly totalMs: number;
  readonly rows: number;
}

/** Every chunk ends with this one. */
const CHUNK = /^update progress set next_offset/u;

/** The statements that took longest, each with how often it ran in a chunk. */
export const statementLines = (statements: readonly Statement[], most = 25): string[] => {
  const chunks = statements.reduce((sum, { query, calls }) => sum + (CHUNK.test(query) ? calls : 0), 0);
  const all = statements.reduce((sum, { calls }) => sum + calls, 0);
  const lines = statements
    .toSorted((a, b) => b.totalMs - a.totalMs)
    .slice(0, most)
    .map(({ query, calls, totalMs, rows }) =>
      [
        `${totalMs.toFixed(0).padStart(8)} ms`,
        `${(totalMs / calls).toFixed(2).padStart(8)} each`,
        `${(calls / chunks).toFixed(2).padStart(6)} a chunk`,
        `${(rows / calls).toFixed(1).padStart(8)} rows`,
        ` ${query.replaceAll(/\s+/gu, ' ').slice(0, 110)}`,
      ].join(' '),
    );
  return ['', `${chunks} chunks, ${(all / chunks).toFixed(1)} statements a chunk`, ...lines];
};

/** What the services' own roles asked since `forgetStatements`. */
export const statementsOf = (stack: Stack): Promise<Statement[]> =>
  superuser(stack, async (client) => {
    const { rows } = await client.query<Statement>(`
      select s.query, s.calls::int as calls, s.total_exec_time as "totalMs", s.rows::int as rows
        from pg_stat_statements s join pg_roles r on r.oid = s.userid where r.rolname like 'linli_%'`);
    return rows;
  });
