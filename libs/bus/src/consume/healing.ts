import type { Place } from '../store/bus-store.js';
import { healedFact } from '../wire/fact-record.js';
import type { Item } from './item.js';
import type { Next } from '../log/log.js';
import type { ConsumerParts, Heal } from './parts.js';

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

/**
 * The log began above our progress: expired, delivered too far ahead, or a hole that is none (control records), which
 * is null.
 */
export const explainHole = async <Tx, T>(
  { log, topic }: Pick<ConsumerParts<Tx, T>, 'log' | 'topic'>,
  { partition }: Place,
  missing: number,
): Promise<Next | null> => {
  const marks = (await log.watermarks(topic)).find((mark) => mark.partition === partition);
  if (marks && marks.low > missing) {
    return {
      halt: `records ${missing} to ${marks.low - 1} expired unread: find out what they were, then move on`,
    };
  }
  return (await log.readAt(topic, partition, missing)) ? { from: missing } : null;
};
