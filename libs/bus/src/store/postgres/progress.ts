import type { Transaction } from '@linli/store';
import type { Progress, ProgressStore } from '../bus-store.js';

const columns = `next_offset as "offset", next_index as "index", last_seq as "lastSeq", source_epoch as "epoch",
  last_fingerprint as "fingerprint", owner, crash_from as "crashFrom", crash_count as "crashCount"`;

const select = `select ${columns} from progress
  where consumer_group = $1 and topic = $2 and part = $3 for update`;

const insert = `insert into progress (consumer_group, topic, part) values ($1, $2, $3) on conflict do nothing`;

const update = `update progress set next_offset = $7, next_index = $8, last_seq = $9, source_epoch = $10,
    last_fingerprint = $11, owner = $12, crash_from = $13, crash_count = $14, moved_at = now(),
    owner_since = case when owner is distinct from $12 then now() else owner_since end
  where consumer_group = $1 and topic = $2 and part = $3
    and next_offset = $4 and next_index = $5 and last_seq = $6`;

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

  async advance(tx, { group, topic, partition }, from, to) {
    const changed = await tx.execute(update, [
      group,
      topic,
      partition,
      from.offset,
      from.index,
      from.lastSeq,
      to.offset,
      to.index,
      to.lastSeq,
      to.epoch,
      to.fingerprint,
      to.owner,
      to.crashFrom,
      to.crashCount,
    ]);
    return changed === 1;
  },

  async of(tx, group, topic) {
    const rows = await tx.query<Progress & { part: number }>(
      `select part, ${columns} from progress where consumer_group = $1 and topic = $2`,
      [group, topic],
    );
    return new Map(rows.map(({ part, ...progress }) => [part, progress]));
  },

  async release(tx, group, topic, owner) {
    await tx.execute(
      `update progress set owner = null where consumer_group = $1 and topic = $2 and owner = $3`,
      [group, topic, owner],
    );
  },
};
