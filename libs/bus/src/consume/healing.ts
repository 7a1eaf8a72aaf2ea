import type { Place } from '../store/bus-store.js';
import { healedFact } from '../wire/fact-record.js';
import type { Item } from './item.js';
import type { Heal } from './parts.js';

/** Longer holes are healed piece by piece. */
const PAGE = 500;

interface Hole {
  readonly from: number;
  readonly to: number;
  readonly epoch: number;
}

/**
 * The first page of a hole, as items that come before the record which showed it: they move the sequence, not the
 * offset. Rejects unless the journal has every one of them.
 */
export const fetchHole = async <T>(
  heal: Heal,
  { topic, partition }: Place,
  { from, to, epoch }: Hole,
  ahead: Item<T>,
): Promise<Item<T>[]> => {
  const last = Math.min(to, from + PAGE - 1);
  const entries = (await heal(topic, partition, from, last)).toSorted((a, b) => a.seq - b.seq);
  const dense = entries.length === last - from + 1 && entries.every((entry, n) => entry.seq === from + n);
  if (!dense) throw new Error(`the journal of ${topic}/${partition} did not return facts ${from} to ${last}`);
  return entries.map((entry) => ({
    record: ahead.record,
    index: ahead.index,
    next: { offset: ahead.record.offset, index: ahead.index },
    body: { value: healedFact(entry, epoch) as T },
  }));
};
