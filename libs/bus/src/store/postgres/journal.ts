import type { TopicSpec } from '@linli/contracts';
import { allOf } from '@linli/kernel';
import type { Transaction } from '@linli/store';
import { genesis, type Entry, type JournalStore, type StampedEntry, type Stream } from '../journal-store.js';
import { columnsOf } from './columns.js';
import { prepareMonths } from './journal-months.js';
import { lockStreams, streamColumns } from './origin.js';

const entry = `topic, kind, event_id as "eventId", type, tenant, aggregate_id as "aggregateId",
  aggregate_version as "aggregateVersion", actor, command_id as "commandId", correlation_id as "correlationId",
  causation_id as "causationId", hops, at, payload, traceparent`;
const stamped = `${entry}, part as "partition", seq, epoch, previous_hash as "previousHash", hash`;
const entryNames = `topic, kind, event_id, type, tenant, aggregate_id, aggregate_version, actor, command_id,
  correlation_id, causation_id, hops, at, payload, traceparent`;
const entryTypes = `$1::text[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[],
  $9::uuid[], $10::text[], $11::text[], $12::int[], $13::timestamptz[], $14::text[], $15::text[]`;

const entryColumns = (entries: readonly Entry[]): unknown[][] =>
  columnsOf(
    entries,
    (row) => row.topic,
    (row) => row.kind,
    (row) => row.eventId,
    (row) => row.type,
    (row) => row.tenant,
    (row) => row.aggregateId,
    (row) => row.aggregateVersion,
    (row) => row.actor,
    (row) => row.commandId,
    (row) => row.correlationId,
    (row) => row.causationId,
    (row) => row.hops,
    (row) => row.at,
    (row) => row.payload,
    (row) => row.traceparent ?? null,
  );

const streamsOf = (tx: Transaction, topic: string): Promise<Stream[]> =>
  tx.query<Stream>(`select ${streamColumns} from stream where topic = $1 order by part`, [topic]);

const moveStreams = async (tx: Transaction, rows: readonly StampedEntry[]): Promise<void> => {
  const last = [...new Map(rows.map((row) => [`${row.topic}/${row.partition}`, row])).values()];
  const parameters = columnsOf(
    last,
    (row) => row.topic,
    (row) => row.partition,
    (row) => row.seq,
    (row) => row.hash,
  );
  await tx.execute(
    `update stream set last_seq = moved.seq, last_hash = moved.hash
     from unnest($1::text[], $2::int[], $3::bigint[], $4::text[]) as moved (topic, part, seq, hash)
     where stream.topic = moved.topic and stream.part = moved.part`,
    parameters,
  );
};

export const postgresJournal: JournalStore<Transaction> = {
  async append(tx, entries) {
    if (entries.length === 0) return;
    await tx.execute(
      `insert into fact_new (${entryNames}) select ${entryNames}
       from unnest(${entryTypes}) with ordinality as told (${entryNames}, nth) order by nth`,
      entryColumns(entries),
    );
  },

  async open(tx: Transaction, topic: TopicSpec) {
    await tx.execute(
      `insert into stream (topic, part, partition_count, last_hash)
       select $1, part, $2, $3 from generate_series(0, $2::int - 1) as part on conflict do nothing`,
      [topic.name, topic.partitions, genesis],
    );
    return streamsOf(tx, topic.name);
  },

  prepare: prepareMonths,

  async waiting(tx) {
    const rows = await tx.query<{ topic: string }>(
      `select topic from (select distinct topic from stream) as told
       where exists (select 1 from fact_new where fact_new.topic = told.topic) order by topic`,
    );
    return rows.map((row) => row.topic);
  },

  lock: lockStreams,
  streams: (tx, topic) => streamsOf(tx, topic),

  async take(tx, topic, limit) {
    const rows = await tx.query<Entry & { readonly id: number }>(
      `delete from fact_new where topic = $1
         and id in (select id from fact_new where topic = $1 order by id limit $2)
       returning id, ${entry}`,
      [topic, limit],
    );
    return rows.toSorted((a, b) => a.id - b.id);
  },

  async write(tx, rows) {
    if (rows.length === 0) return;
    const numbers = columnsOf(
      rows,
      (row) => row.partition,
      (row) => row.seq,
      (row) => row.epoch,
      (row) => row.previousHash,
      (row) => row.hash,
    );
    const written = tx.execute(
      `insert into journal (${entryNames}, part, seq, epoch, previous_hash, hash)
       select * from unnest(${entryTypes}, $16::int[], $17::bigint[], $18::int[], $19::text[], $20::text[])`,
      [...entryColumns(rows), ...numbers],
    );
    await allOf([written, moveStreams(tx, rows)]);
  },

  unpublished: (tx, topic, limit) =>
    tx.query<StampedEntry>(
      `select ${stamped} from (
         select row.* from stream cross join lateral (
           select * from journal where journal.topic = stream.topic and journal.part = stream.part
             and journal.seq > stream.published_seq order by journal.seq limit $2) as row
         where stream.topic = $1 and stream.last_seq > stream.published_seq) as rows
       order by part, seq`,
      [topic, limit],
    ),

  async markPublished(tx, topic, seqs) {
    await tx.execute(
      // Not waited for until it is on the disk: a mark that a crash takes back only lets the same numbers go out again.
      `with lazy as (select set_config('synchronous_commit', 'off', true))
       update stream set published_seq = greatest(published_seq, marked.seq)
       from lazy, unnest($2::int[], $3::bigint[]) as marked (part, seq)
       where stream.topic = $1 and stream.part = marked.part`,
      [topic, [...seqs.keys()], [...seqs.values()]],
    );
  },

  slice: (tx, { topic, partition, from, limit }) =>
    tx.query<StampedEntry>(
      `select ${stamped} from journal where topic = $1 and part = $2 and seq >= $3 order by seq limit $4`,
      [topic, partition, from, limit],
    ),

  after: (tx, topic, cursor, limit) =>
    tx.query<StampedEntry>(
      `select ${stamped} from (
         select row.* from unnest($2::bigint[]) with ordinality as seen (seq, nth) cross join lateral (
           select * from journal where journal.topic = $1 and journal.part = seen.nth - 1
             and journal.seq > seen.seq order by journal.seq limit $3) as row) as rows
       order by part, seq`,
      [topic, cursor, limit],
    ),

  timeline: (tx, tenant, aggregateId) =>
    tx.query<StampedEntry>(
      `select ${stamped} from journal where tenant = $1 and aggregate_id = $2 and kind = 'fact'
       order by aggregate_version, topic, seq`,
      [tenant, aggregateId],
    ),
};
