import type { Transaction } from '@linli/store';
import type { Stream } from '../journal-store.js';

export const streamColumns = `topic, part as "partition", partition_count as "partitionCount", last_seq as "lastSeq",
  published_seq as "publishedSeq", epoch, last_hash as "lastHash"`;

/** The cluster and its timeline: another one after every promotion of a standby and every restore. */
const here = `(select system_identifier || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
  from pg_control_system())`;

type Row = Stream & { readonly moved: boolean };

const raise = `update stream set origin = ${here}, epoch = epoch + case when origin is null then 0 else 1 end
  where topic = $1`;

const select = `select ${streamColumns}, origin is distinct from ${here} as moved
  from stream where topic = $1 order by part for update`;

/**
 * The streams of a topic, locked. A database that was failed over to or restored may have lost its last commits, and
 * would give their numbers to other facts: it numbers in a new epoch, by which consumers see what they had that is no
 * more (`placeInStream`).
 */
export const lockStreams = async (tx: Transaction, topic: string): Promise<readonly Stream[]> => {
  const locked = await tx.query<Row>(select, [topic]);
  if (!locked.some(({ moved }) => moved)) return locked;
  await tx.execute(raise, [topic]);
  return tx.query<Row>(select, [topic]);
};
