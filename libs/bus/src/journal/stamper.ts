import { partitionOf } from '@linli/contracts';
import { allOf } from '@linli/kernel';
import { failpoint } from '../failpoint.js';
import type { BusStore } from '../store/bus-store.js';
import type { Entry, StampedEntry, Stream } from '../store/journal-store.js';
import { hashOf } from './chain.js';

const BATCH = 1000;

interface End {
  readonly stream: Stream;
  seq: number;
  hash: string;
}

/** Numbers entries densely within their partition and chains each to the row before it. */
export const stamp = (entries: readonly Entry[], streams: readonly Stream[]): StampedEntry[] => {
  const ends = new Map<number, End>(
    streams.map((stream) => [stream.partition, { stream, seq: stream.lastSeq, hash: stream.lastHash }]),
  );
  const partitions = streams[0]?.partitionCount ?? 0;
  return entries.map((entry) => {
    const partition = partitionOf(entry.aggregateId, { partitions });
    const end = ends.get(partition);
    if (!end) throw new Error(`stream ${entry.topic}/${partition} was never opened`);
    const row = { ...entry, partition, seq: end.seq + 1, epoch: end.stream.epoch, previousHash: end.hash };
    [end.seq, end.hash] = [row.seq, hashOf(row)];
    return { ...row, hash: end.hash };
  });
};

/** What a round did. */
export interface Stamped {
  readonly rows: readonly StampedEntry[];
  /** There may be more than a round takes. */
  readonly more: boolean;
}

/** One round of a topic: at most a batch. Any number of stampers may run. */
export const stampTopic = async <Tx>(store: BusStore<Tx>, topic: string): Promise<Stamped> => {
  failpoint('before-stamp');
  return store.transaction('relay', async (tx) => {
    // Sent at once and done in this order: what is taken was told before the lock was ours.
    const [streams, entries] = await allOf([
      store.journal.lock(tx, topic),
      store.journal.take(tx, topic, BATCH),
    ]);
    const rows = stamp(entries, streams);
    await store.journal.write(tx, rows);
    failpoint('mid-stamp');
    return { rows, more: rows.length === BATCH };
  });
};

/** One round of every topic in which something waits; whether there may be more. */
export const stampAll = async <Tx>(store: BusStore<Tx>): Promise<boolean> => {
  let more = false;
  for (const topic of await store.journal.waiting(store.reader('relay')))
    more = (await stampTopic(store, topic)).more || more;
  return more;
};
