import { startStack } from '@linli/stack';
import { superuserUrl } from '@linli/store';
import { Client, type ClientBase } from 'pg';
import type { BenchOptions } from '../options.js';
import type { Group, Row } from '../rounds.js';
import {
  armRows,
  explainRows,
  makeCopies,
  restRows,
  stormRows,
  type DeadlineGround,
} from './deadline-rows.js';
import { CHUNK, Ledger, SCHEMA } from './ledger.js';
import { settingsOf } from './settings.js';

/** What the ledger arms itself; the rest are copies of it. */
const COPIES = 20;
/** One in so many stood still for a while. */
const PAUSED = 10;

const columnsBut = async (client: ClientBase, table: string, key: string): Promise<string> => {
  const { rows } = await client.query<{ list: string }>(
    `select string_agg(column_name, ', ' order by ordinal_position) as list from information_schema.columns
     where table_schema = $1 and table_name = $2 and column_name <> $3`,
    [SCHEMA, table, key],
  );
  return rows[0]?.list ?? '';
};

/** As if so many had been armed at the same instants: the same rows under other ids. */
const multiply = async (client: ClientBase): Promise<void> => {
  for (const [table = '', key = ''] of [
    ['deadline', 'id'],
    ['deadline_change', 'deadline_id'],
  ]) {
    const columns = await columnsBut(client, table, key);
    await client.query(
      `insert into ${SCHEMA}.${table} (${key}, ${columns})
       select md5(${key}::text || n)::uuid, ${columns} from ${SCHEMA}.${table}, generate_series(2, ${COPIES}) as n`,
    );
  }
  for (const table of ['deadline', 'deadline_change', 'deadline_firing'])
    await client.query(`vacuum analyze ${SCHEMA}.${table}`);
};

const fill = async (ledger: Ledger, client: ClientBase, armed: number): Promise<void> => {
  for (let n = 0; n < armed / COPIES; n += CHUNK) {
    const ids = await ledger.armLong();
    await ledger.pause(ids.slice(0, CHUNK / PAUSED));
  }
  await multiply(client);
};

const someOf = async (client: ClientBase, count: number): Promise<string[]> => {
  const { rows } = await client.query<{ id: string }>(
    `select id from ${SCHEMA}.deadline order by md5(id::text) limit $1`,
    [count],
  );
  return rows.map(({ id }) => id);
};

const rowsOf = (only: BenchOptions['only'], ground: DeadlineGround): Row[] => [
  ...(only.has('d1') ? armRows(ground) : []),
  ...(only.has('d2') ? restRows(ground) : []),
  ...(only.has('d3') ? stormRows(ground) : []),
  ...(only.has('d4') ? explainRows(ground) : []),
];

/** Rows (d1) to (d4): a ledger of many armed deadlines, each beside the bare SQL of the same work. */
export const openDeadlineRows = async ({ only, armed }: BenchOptions): Promise<Group> => {
  const stack = await startStack();
  const ends: (() => Promise<unknown>)[] = [() => stack.stop()];
  const close = async (): Promise<void> => {
    for (const end of ends.toReversed()) await end();
  };
  try {
    const ledger = await Ledger.open(stack);
    ends.push(() => ledger.close());
    const client = new Client({ connectionString: superuserUrl(stack.env.DATABASE_URL) });
    await client.connect();
    ends.push(() => client.end());
    await fill(ledger, client, armed);
    await makeCopies(client);
    const due = Math.ceil(armed / COPIES);
    const ids = await someOf(client, due);
    const ground = { ledger, client, postgres: () => stack.postgres.pid(), ids, due };
    return { rows: rowsOf(only, ground), notes: [await settingsOf(client)], close };
  } catch (error) {
    await close();
    throw error;
  }
};
