import type { Transaction } from '@linli/store';
import type { DeadLetter, DeadLetterStore } from '../bus-store.js';
import { columnsOf } from './columns.js';

type Row = Omit<DeadLetter, 'headers'> & { readonly headers: string };

/** PostgreSQL takes no NUL in a text. */
const storable = (text: string): string => text.replaceAll('\u0000', '\uFFFD');

export const postgresDeadLetters: DeadLetterStore<Transaction> = {
  async add(tx, letters) {
    if (letters.length === 0) return;
    const parameters = columnsOf(
      letters,
      (letter) => letter.group,
      (letter) => letter.topic,
      (letter) => letter.partition,
      (letter) => letter.offset,
      (letter) => letter.index,
      (letter) => letter.raw,
      (letter) => JSON.stringify(letter.headers),
      (letter) => storable(letter.error),
      (letter) => letter.at,
      (letter) => letter.key && storable(letter.key),
      (letter) => letter.appendedAt,
    );
    await tx.execute(
      `insert into dead_letter (consumer_group, topic, part, off, item, raw, headers, error, at, key, appended_at)
       select * from unnest($1::text[], $2::text[], $3::int[], $4::bigint[], $5::int[], $6::bytea[], $7::text[],
         $8::text[], $9::timestamptz[], $10::text[], $11::timestamptz[])
       on conflict do nothing`,
      parameters,
    );
  },

  async list(tx, limit) {
    const rows = await tx.query<Row>(
      `select consumer_group as "group", topic, part as "partition", off as "offset", item as "index", raw, headers,
         error, at, key, appended_at as "appendedAt"
       from dead_letter order by at, topic, part, off, item limit $1`,
      [limit],
    );
    return rows.map((row) => ({ ...row, headers: JSON.parse(row.headers) as Record<string, string> }));
  },
};
