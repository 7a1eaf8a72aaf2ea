import type { Transaction } from '@linli/store';
import type { ParkedKey, ParkedMessage, ParkingStore } from '../bus-store.js';
import { columnsOf } from './columns.js';

const message = `consumer_group as "group", key, n, topic, part as "partition", off as "offset",
  appended_at as "appendedAt", body`;

export const postgresParking: ParkingStore<Transaction> = {
  async parkedAmong(tx, group, keys) {
    const rows = await tx.query<{ key: string }>(
      `select key from parked_key where consumer_group = $1 and key = any($2::text[])`,
      [group, keys],
    );
    return new Set(rows.map((row) => row.key));
  },

  async park(tx, { group, key, since, reason }) {
    await tx.execute(
      `insert into parked_key (consumer_group, key, since, reason) values ($1, $2, $3, $4)
       on conflict (consumer_group, key)
       do update set reason = excluded.reason, attempts = parked_key.attempts + 1`,
      [group, key, since, reason],
    );
  },

  async append(tx, messages) {
    if (messages.length === 0) return;
    const parameters = columnsOf(
      messages,
      (row) => row.group,
      (row) => row.key,
      (row) => row.topic,
      (row) => row.partition,
      (row) => row.offset,
      (row) => row.appendedAt,
      (row) => row.body,
    );
    await tx.execute(
      `insert into parked_message (consumer_group, key, topic, part, off, appended_at, body)
       select consumer_group, key, topic, part, off, appended_at, body
       from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::timestamptz[], $7::text[])
         with ordinality as row (consumer_group, key, topic, part, off, appended_at, body, nth)
       order by nth`,
      parameters,
    );
  },

  async keys(tx, key) {
    return tx.query<ParkedKey>(
      `select consumer_group as "group", key, since, reason, attempts from parked_key
       where $1::text is null or key = $1 order by since, key`,
      [key ?? null],
    );
  },

  async first(tx, group, key) {
    const [row] = await tx.query<ParkedMessage>(
      `select ${message} from parked_message where consumer_group = $1 and key = $2 order by n limit 1`,
      [group, key],
    );
    return row ?? null;
  },

  async remove(tx, { group, key, n }) {
    await tx.execute(`delete from parked_message where consumer_group = $1 and key = $2 and n = $3`, [
      group,
      key,
      n,
    ]);
  },

  async unpark(tx, group, key) {
    await tx.execute(`delete from parked_key where consumer_group = $1 and key = $2`, [group, key]);
  },
};
