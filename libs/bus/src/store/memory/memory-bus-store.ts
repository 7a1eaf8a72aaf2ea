import type { Outcome } from '@linli/contracts';
import {
  beginning,
  type BusStore,
  type DeadLetter,
  type DeadLetterStore,
  type OutcomeStore,
  type Place,
  type Progress,
  type ProgressStore,
} from '../bus-store.js';
import { countUnpublished, countUnstamped, memoryJournal, unsentSince } from './memory-journal.js';
import { memoryParking } from './memory-parking.js';
import { MemoryTables, type MemoryTransaction } from './memory-tables.js';

interface ProgressRow extends Place {
  readonly progress: Progress;
}
const rowKey = ({ group, topic, partition }: Place): string => `${group} ${topic} ${partition}`;
const putProgress = (tx: MemoryTransaction, place: Place, progress: Progress): void =>
  tx.put('progress', rowKey(place), { ...place, progress } satisfies ProgressRow);
const progressRows = (tx: MemoryTransaction, group: string, topic: string): ProgressRow[] =>
  tx.rows<ProgressRow>('progress').filter((row) => row.group === group && row.topic === topic);

const progress: ProgressStore<MemoryTransaction> = {
  async lock(tx, place) {
    const row = tx.get<ProgressRow>('progress', rowKey(place));
    if (!row) putProgress(tx, place, beginning);
    return row?.progress ?? beginning;
  },
  async advance(tx, place, from, to) {
    const now = tx.get<ProgressRow>('progress', rowKey(place))?.progress;
    if (now?.offset !== from.offset || now.index !== from.index || now.lastSeq !== from.lastSeq) return false;
    putProgress(tx, place, to);
    return true;
  },
  async of(tx, group, topic) {
    return new Map(progressRows(tx, group, topic).map((row) => [row.partition, row.progress]));
  },
  async release(tx, group, topic, owner) {
    for (const row of progressRows(tx, group, topic)) {
      if (row.progress.owner === owner) putProgress(tx, row, { ...row.progress, owner: null });
    }
  },
};

const outcomes: OutcomeStore<MemoryTransaction> = {
  async find(tx, commandIds) {
    return commandIds.flatMap((id) => tx.get<Outcome>('outcome', id) ?? []);
  },
  async put(tx, rows) {
    for (const row of rows) {
      const known = tx.get<Outcome>('outcome', row.commandId);
      if (!known || known.status === 'parked') tx.put('outcome', row.commandId, row);
    }
  },
};

const letterKey = (row: DeadLetter): string => `${rowKey(row)} ${row.offset} ${row.index}`;
const deadLetters: DeadLetterStore<MemoryTransaction> = {
  async add(tx, letters) {
    for (const letter of letters) {
      if (!tx.get('dead_letter', letterKey(letter))) tx.put('dead_letter', letterKey(letter), letter);
    }
  },
  async list(tx, limit) {
    const letters = tx.rows<DeadLetter>('dead_letter');
    return letters.toSorted((a, b) => a.at.getTime() - b.at.getTime() || order(a, b)).slice(0, limit);
  },
};
const order = (a: DeadLetter, b: DeadLetter): number =>
  a.topic.localeCompare(b.topic) || a.partition - b.partition || a.offset - b.offset || a.index - b.index;

/** The bus's store in memory, deterministic: for specs and simulation. */
export const memoryBusStore = (tables = new MemoryTables()): BusStore<MemoryTransaction> => ({
  transaction: (_pool, work) => tables.transaction(work),
  reader: () => tables.reader(),
  progress,
  outcomes,
  parking: memoryParking,
  deadLetters,
  journal: memoryJournal,
  counts: async (tx) => ({
    unstamped: countUnstamped(tx),
    unpublished: countUnpublished(tx),
    unsentSince: unsentSince(tx),
    deadLetters: tx.rows('dead_letter').length,
    parkedKeys: tx.rows('parked_key').length,
  }),
});
