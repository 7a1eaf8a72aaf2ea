import type { Transaction } from '@linli/store';
import type { ParkedMessage } from '../bus-store.js';
import type { OperateStore, Parking, PartitionRow, StoredLetter } from '../operate-store.js';

const place = `consumer_group as "group", topic, part as "partition"`;
const summary = `${place}, off as "offset", item as "index", key, headers, error, at, appended_at as "appendedAt", n, id,
  state, attempts, ended_at as "endedAt", ended_by as "endedBy", ended_reason as "endedReason"`;
const parking = `parked_key.consumer_group as "group", parked_key.key, since, reason, attempts, n, id,
  first.topic, first.part as "partition", coalesce(waiting.count, 0) as "waiting"
  from parked_key
  left join lateral (select topic, part from parked_message where consumer_group = parked_key.consumer_group
    and key = parked_key.key order by n limit 1) as first on true
  left join lateral (select count(*) from parked_message where consumer_group = parked_key.consumer_group
    and key = parked_key.key) as waiting on true`;

type LetterRow = Omit<StoredLetter, 'headers'> & { readonly headers: string };

const toLetter = (row: LetterRow): StoredLetter => ({
  ...row,
  headers: JSON.parse(row.headers) as Record<string, string>,
});

const letterOf = async (tx: Transaction, id: string, lock: string): Promise<StoredLetter | null> => {
  const [row] = await tx.query<LetterRow>(`select ${summary}, raw from dead_letter where id = $1 ${lock}`, [
    id,
  ]);
  return row ? toLetter(row) : null;
};

/** `ctid` and not the key: the batch is found by age, and removed without a second look. */
const remove = (table: string, old: string): string =>
  `delete from ${table} where ctid = any (array(select ctid from ${table} where ${old} limit $2))`;

export const postgresOperate: OperateStore<Transaction> = {
  async attempt(tx, work) {
    await tx.execute('savepoint attempt');
    try {
      const result = await work();
      await tx.execute('release savepoint attempt');
      return result;
    } catch (error) {
      await tx.execute('rollback to savepoint attempt');
      throw error;
    }
  },

  async letters(tx, { topic, state, errorContains, since, until, after, limit }) {
    const rows = await tx.query<LetterRow>(
      `select ${summary}, null as raw from dead_letter
       where n > $1 and ($2::text is null or topic = $2) and ($3::text is null or state = $3)
         and ($4::text is null or position($4 in error) > 0) and ($5::timestamptz is null or at >= $5)
         and ($6::timestamptz is null or at < $6)
       order by n limit $7`,
      [after, topic ?? null, state ?? null, errorContains ?? null, since ?? null, until ?? null, limit],
    );
    return rows.map(toLetter);
  },

  letter: (tx, id) => letterOf(tx, id, ''),
  lockLetter: (tx, id) => letterOf(tx, id, 'for update'),

  async endLetter(tx, id, { state, at, by, reason }) {
    await tx.execute(
      `update dead_letter set state = $2, ended_at = $3, ended_by = $4, ended_reason = $5 where id = $1`,
      [id, state, at, by, reason],
    );
  },

  async failLetter(tx, id, error) {
    await tx.execute(`update dead_letter set attempts = attempts + 1, error = $2 where id = $1`, [
      id,
      error.replaceAll('\u0000', '\uFFFD'),
    ]);
  },

  async letterCounts(tx) {
    const rows = await tx.query<{ state: StoredLetter['state']; count: number }>(
      `select state, count(*) from dead_letter group by state`,
    );
    const none = { open: 0, replayed: 0, discarded: 0 };
    return Object.assign(none, Object.fromEntries(rows.map(({ state, count }) => [state, count])));
  },

  parkings: (tx, { after, limit }) =>
    tx.query<Parking>(`select ${parking} where n > $1 order by n limit $2`, [after, limit]),

  async parking(tx, id) {
    const [row] = await tx.query<Parking>(`select ${parking} where id = $1`, [id]);
    return row ?? null;
  },

  waiting: (tx, { group, key }, limit) =>
    tx.query<ParkedMessage>(
      `select ${place}, key, n, off as "offset", appended_at as "appendedAt", body from parked_message
       where consumer_group = $1 and key = $2 order by n limit $3`,
      [group, key, limit],
    ),

  partitions: (tx, group, topic) =>
    tx.query<PartitionRow>(
      `select part as "partition", next_offset as "next", owner, crash_count as "crashCount", moved_at as "movedAt",
         halted, halted_at as "haltedAt"
       from progress where consumer_group = $1 and topic = $2 order by part`,
      [group, topic],
    ),

  async setHalted(tx, { group, topic, partition }, halted) {
    await tx.execute(
      `insert into progress (consumer_group, topic, part, halted, halted_at) values ($1, $2, $3, $4, $5)
       on conflict (consumer_group, topic, part)
       do update set halted = excluded.halted, halted_at = excluded.halted_at`,
      [group, topic, partition, halted?.reason ?? null, halted?.at ?? null],
    );
  },

  async sweep(tx, before, limit) {
    const outcomes = await tx.execute(remove('outcome', `completed_at < $1 and status <> 'parked'`), [
      before,
      limit,
    ]);
    const letters = await tx.execute(remove('dead_letter', 'ended_at < $1'), [before, limit]);
    return outcomes === limit || letters === limit;
  },
};
