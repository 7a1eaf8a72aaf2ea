import { partitionOf } from '@linli/contracts';
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

const stampTopic = async <Tx>(store: BusStore<Tx>, topic: string): Promise<number> =>
  store.transaction('relay', async (tx) => {
    const streams = await store.journal.lock(tx, topic);
    const entries = await store.journal.take(tx, topic, BATCH);
    await store.journal.write(tx, stamp(entries, streams));
    failpoint('mid-stamp');
    return entries.length;
  });

/** What a round did. */
export interface Stamped {
  /** Those that got new rows. */
  readonly topics: readonly string[];
  /** There was more than a round takes. */
  readonly more: boolean;
}

/** One round: at most a batch a topic. Any number of stampers may run. */
export const stampAll = async <Tx>(store: BusStore<Tx>): Promise<Stamped> => {
  const topics: string[] = [];
  let more = false;
  for (const topic of await store.journal.waiting(store.reader('relay'))) {
    failpoint('before-stamp');
    const count = await stampTopic(store, topic);
    if (count > 0) topics.push(topic);
    more ||= count === BATCH;
  }
  return { topics, more };
};
