import type { Transaction } from '@linli/store';
import type { Progress, ProgressStore } from '../bus-store.js';
import { columnsOf } from './columns.js';

const columns = `next_offset as "offset", next_index as "index", last_seq as "lastSeq", source_epoch as "epoch",
  last_fingerprint as "fingerprint", owner, crash_from as "crashFrom", crash_count as "crashCount"`;

const select = `select ${columns} from progress
  where consumer_group = $1 and topic = $2 and part = $3 for update`;

const insert = `insert into progress (consumer_group, topic, part) values ($1, $2, $3) on conflict do nothing`;

/**
 * Whoever shares a transaction waits for no row of anybody for long: what waits is rolled back, so that the partitions
 * go on by themselves, and only the one that it concerns waits as long as a session may.
 */
const selectFree = `with patience as (
    select set_config('lock_timeout', '400ms', true), set_config('statement_timeout', '1s', true))
  select part, ${columns} from patience, progress
  where consumer_group = $1 and topic = $2 and part = any($3::int[]) order by part for update of progress skip locked`;

const update = `update progress set next_offset = step.to_offset, next_index = step.to_index, last_seq = step.to_seq,
    source_epoch = step.epoch, last_fingerprint = step.fingerprint, owner = step.owner, crash_from = step.crash_from,
    crash_count = step.crash_count, moved_at = now(),
    owner_since = case when progress.owner is distinct from step.owner then now() else owner_since end
  from unnest($1::text[], $2::text[], $3::int[], $4::bigint[], $5::int[], $6::bigint[], $7::bigint[], $8::int[],
    $9::bigint[], $10::bigint[], $11::text[], $12::text[], $13::bigint[], $14::int[]) as step (consumer_group, topic,
    part, from_offset, from_index, from_seq, to_offset, to_index, to_seq, epoch, fingerprint, owner, crash_from,
    crash_count)
  where progress.consumer_group = step.consumer_group and progress.topic = step.topic and progress.part = step.part
    and next_offset = step.from_offset and next_index = step.from_index and last_seq = step.from_seq`;

type Row = Progress & { readonly part: number };

const byPartition = (rows: readonly Row[]): Map<number, Progress> =>
  new Map(rows.map(({ part, ...progress }) => [part, progress]));

export const postgresProgress: ProgressStore<Transaction> = {
  async lock(tx, { group, topic, partition }) {
    const place = [group, topic, partition];
    const [found] = await tx.query<Progress>(select, place);
    if (found) return found;
    await tx.execute(insert, place);
    const [made] = await tx.query<Progress>(select, place);
    if (!made) throw new Error(`no progress row for ${place.join(' ')} after inserting it`);
    return made;
  },

  async lockFree(tx, group, topic, partitions) {
    return byPartition(await tx.query<Row>(selectFree, [group, topic, [...partitions]]));
  },

  async advance(tx, steps) {
    const changed = await tx.execute(
      update,
      columnsOf(
        steps,
        ({ place }) => place.group,
        ({ place }) => place.topic,
        ({ place }) => place.partition,
        ({ from }) => from.offset,
        ({ from }) => from.index,
        ({ from }) => from.lastSeq,
        ({ to }) => to.offset,
        ({ to }) => to.index,
        ({ to }) => to.lastSeq,
        ({ to }) => to.epoch,
        ({ to }) => to.fingerprint,
        ({ to }) => to.owner,
        ({ to }) => to.crashFrom,
        ({ to }) => to.crashCount,
      ),
    );
    return changed === steps.length;
  },

  async of(tx, group, topic) {
    const all = `select part, ${columns} from progress where consumer_group = $1 and topic = $2`;
    return byPartition(await tx.query<Row>(all, [group, topic]));
  },

  async release(tx, group, topic, owner) {
    await tx.execute(
      `update progress set owner = null where consumer_group = $1 and topic = $2 and owner = $3`,
      [group, topic, owner],
    );
  },
};
