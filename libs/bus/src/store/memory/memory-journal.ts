import { genesis, type Entry, type JournalStore, type StampedEntry, type Stream } from '../journal-store.js';
import type { MemoryTransaction } from './memory-tables.js';

interface Told {
  readonly id: number;
  readonly entry: Entry;
}

const hot = (topic: string): string => `fact_new ${topic}`;
const journal = (topic: string, partition: number): string => `journal ${topic} ${partition}`;
const streamsOf = (tx: MemoryTransaction, topic?: string): Stream[] =>
  tx
    .rows<Stream>('stream')
    .filter((row) => topic === undefined || row.topic === topic)
    .toSorted((a, b) => a.partition - b.partition);

const putStream = (tx: MemoryTransaction, row: Stream): void =>
  tx.put('stream', `${row.topic} ${row.partition}`, row);

/** Rows from `from` on: dense, so each is found by its number. */
const rowsFrom = (
  tx: MemoryTransaction,
  { topic, partition, from, limit }: { topic: string; partition: number; from: number; limit: number },
): StampedEntry[] => {
  const found: StampedEntry[] = [];
  for (let seq = from; found.length < limit; seq += 1) {
    const row = tx.get<StampedEntry>(journal(topic, partition), String(seq));
    if (!row) break;
    found.push(row);
  }
  return found;
};

const timeline = (tx: MemoryTransaction, tenant: string, aggregateId: string): StampedEntry[] =>
  streamsOf(tx)
    .flatMap((stream) => tx.rows<StampedEntry>(journal(stream.topic, stream.partition)))
    .filter((row) => row.kind === 'fact' && row.tenant === tenant && row.aggregateId === aggregateId)
    .toSorted(
      (a, b) => a.aggregateVersion - b.aggregateVersion || a.topic.localeCompare(b.topic) || a.seq - b.seq,
    );

/** What was told and has no number yet. */
const hotRows = (tx: MemoryTransaction): Entry[] =>
  [...new Set(streamsOf(tx).map((row) => row.topic))].flatMap((topic) =>
    tx.rows<Told>(hot(topic)).map(({ entry }) => entry),
  );

export const countUnstamped = (tx: MemoryTransaction): number => hotRows(tx).length;

export const countUnpublished = (tx: MemoryTransaction): number =>
  streamsOf(tx).reduce((sum, row) => sum + row.lastSeq - row.publishedSeq, 0);

export const unsentSince = (tx: MemoryTransaction): Date | null => {
  const told = hotRows(tx).map(({ at }) => at);
  const stamped = streamsOf(tx).flatMap(({ topic, partition, publishedSeq }) =>
    rowsFrom(tx, { topic, partition, from: publishedSeq + 1, limit: 1 }).map((row) => row.at),
  );
  const [oldest] = [...told, ...stamped].toSorted((a, b) => a.getTime() - b.getTime());
  return oldest ?? null;
};

export const memoryJournal: JournalStore<MemoryTransaction> = {
  async append(tx, entries) {
    for (const entry of entries) {
      const id = tx.number('fact_new');
      tx.put(hot(entry.topic), String(id), { id, entry } satisfies Told);
    }
  },

  async open(tx, topic) {
    const there = new Set(streamsOf(tx, topic.name).map((row) => row.partition));
    for (let partition = 0; partition < topic.partitions; partition += 1) {
      if (there.has(partition)) continue;
      putStream(tx, {
        topic: topic.name,
        partition,
        partitionCount: topic.partitions,
        lastSeq: 0,
        publishedSeq: 0,
        epoch: 1,
        lastHash: genesis,
      });
    }
    return streamsOf(tx, topic.name);
  },

  async prepare() {},

  async waiting(tx) {
    const topics = new Set(streamsOf(tx).map((row) => row.topic));
    return [...topics].filter((topic) => tx.rows(hot(topic)).length > 0).toSorted();
  },

  lock: async (tx, topic) => streamsOf(tx, topic),
  streams: async (tx, topic) => streamsOf(tx, topic),

  async take(tx, topic, limit) {
    const rows = tx
      .rows<Told>(hot(topic))
      .toSorted((a, b) => a.id - b.id)
      .slice(0, limit);
    for (const row of rows) tx.remove(hot(topic), String(row.id));
    return rows.map((row) => row.entry);
  },

  async write(tx, rows) {
    for (const row of rows) {
      tx.put(journal(row.topic, row.partition), String(row.seq), row);
      const stream = tx.get<Stream>('stream', `${row.topic} ${row.partition}`);
      if (stream) putStream(tx, { ...stream, lastSeq: row.seq, lastHash: row.hash });
    }
  },

  unpublished: async (tx, topic, limit) =>
    streamsOf(tx, topic).flatMap(({ partition, publishedSeq }) =>
      rowsFrom(tx, { topic, partition, from: publishedSeq + 1, limit }),
    ),

  async markPublished(tx, topic, seqs) {
    for (const row of streamsOf(tx, topic)) {
      const seq = seqs.get(row.partition) ?? 0;
      if (seq > row.publishedSeq) putStream(tx, { ...row, publishedSeq: seq });
    }
  },

  slice: async (tx, slice) => rowsFrom(tx, slice),

  after: async (tx, topic, cursor, limit) =>
    cursor.flatMap((seq, partition) => rowsFrom(tx, { topic, partition, from: seq + 1, limit })),

  timeline: async (tx, tenant, aggregateId) => timeline(tx, tenant, aggregateId),
};
