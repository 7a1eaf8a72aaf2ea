import { superuserUrl } from '@linli/store';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';

/** Statements without which nothing is handled, stamped or sent. */
const TABLES = ['risk.progress', 'risk.stream', 'risk.outcome'];

/** As PostgreSQL refuses to write when it finds no room (SQLSTATE 53100); what it counts is not rolled back. */
const FULL = [
  'create schema proof',
  'create sequence proof.refused',
  `create function proof.full_disk() returns trigger language plpgsql security definer as $$
     begin
       perform nextval('proof.refused');
       raise exception 'could not extend file: No space left on device' using errcode = '53100';
     end $$`,
  ...TABLES.map(
    (table) =>
      `create trigger full_disk before insert or update on ${table} for each statement
         execute function proof.full_disk()`,
  ),
];
const ROOM = [
  ...TABLES.map((table) => `drop trigger if exists full_disk on ${table}`),
  'drop schema if exists proof cascade',
];

/** A database that has no room to write for a while; answers how often it refused. */
export const fullDisk = async (databaseUrl: string, forMs: number): Promise<number> => {
  const client = new Client({ connectionString: superuserUrl(databaseUrl) });
  await client.connect();
  try {
    // One by one: locks on several tables at once would wait crosswise with what is under way.
    for (const sql of FULL) await client.query(sql);
    await delay(forMs);
    const { rows } = await client.query<{ refused: number }>(
      'select last_value::int as refused from proof.refused where is_called',
    );
    return rows[0]?.refused ?? 0;
  } finally {
    for (const sql of ROOM) await client.query(sql);
    await client.end();
  }
};
