import type { TopicSpec } from '@linli/contracts';
import { failpoint } from '../failpoint.js';
import type { Log, NewRecord } from '../log/log.js';
import type { BusStore } from '../store/bus-store.js';
import type { StampedEntry } from '../store/journal-store.js';
import { stampedCommandRecord } from '../wire/command-record.js';
import { factRecord } from '../wire/fact-record.js';
import type { Signer } from '../wire/signer.js';

const ROWS_PER_PARTITION = 200;
const MAX_BYTES = 1024 * 1024;

export interface RelayParts<Tx> {
  readonly service: string;
  readonly store: BusStore<Tx>;
  readonly log: Pick<Log, 'publish'>;
  readonly signer: Signer;
}

/** Whether these may not be all that wait: a partition gave as many as it may. */
const isFull = (rows: readonly StampedEntry[]): boolean => {
  const counts = new Map<number, number>();
  for (const { partition } of rows) counts.set(partition, (counts.get(partition) ?? 0) + 1);
  return Math.max(...counts.values()) >= ROWS_PER_PARTITION;
};

/** As many rows as one request should carry; each partition's stay in order, none is skipped. */
const head = (rows: readonly StampedEntry[]): readonly StampedEntry[] => {
  let bytes = 0;
  const over = rows.findIndex((row, n) => (bytes += row.payload.length) > MAX_BYTES && n > 0);
  return over === -1 ? rows : rows.slice(0, over);
};

const recordOf = (
  { service, signer }: Pick<RelayParts<unknown>, 'service' | 'signer'>,
  row: StampedEntry,
): NewRecord => (row.kind === 'fact' ? factRecord(row, service) : stampedCommandRecord(row, signer));

/**
 * One round for one topic: publishes what is stamped and not yet published, in order, one request in flight, and marks
 * it. A crash or a second relay only sends the same numbers again. True when there may be more.
 */
export const relayTopic = async <Tx>(parts: RelayParts<Tx>, topic: TopicSpec): Promise<boolean> => {
  const { store, log } = parts;
  const unpublished = await store.journal.unpublished(store.reader('relay'), topic.name, ROWS_PER_PARTITION);
  const rows = head(unpublished);
  if (rows.length === 0) return false;
  failpoint('before-publish');
  await log.publish(
    topic,
    rows.map((row) => recordOf(parts, row)),
  );
  failpoint('after-publish');
  const seqs = new Map(rows.map((row) => [row.partition, row.seq]));
  await store.statement('relay', (tx) => store.journal.markPublished(tx, topic.name, seqs));
  return rows.length < unpublished.length || isFull(rows);
};
