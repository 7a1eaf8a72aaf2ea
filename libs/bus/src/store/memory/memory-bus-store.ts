import type { Outcome } from '@linli/contracts';
import type { BusStore, DeadLetter, DeadLetterStore, OutcomeStore } from '../bus-store.js';
import type { StoredLetter } from '../operate-store.js';
import { countUnpublished, countUnstamped, memoryJournal, unsentSince } from './memory-journal.js';
import { memoryOperate } from './memory-operate.js';
import { memoryParking } from './memory-parking.js';
import { memoryProgress, rowKey } from './memory-progress.js';
import { MemoryTables, numbered, type MemoryTransaction } from './memory-tables.js';

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
const newLetter = (letter: DeadLetter, n: number): StoredLetter => ({
  ...letter,
  ...{ n, id: numbered('d', n), state: 'open', attempts: 0 },
  ...{ endedAt: null, endedBy: null, endedReason: null },
});
/** What `add` was given, without what became of it. */
const asAdded = (row: StoredLetter): DeadLetter => {
  const { group, topic, partition, offset, index, key, raw, headers, error, at, appendedAt } = row;
  return { group, topic, partition, offset, index, key, raw, headers, error, at, appendedAt };
};

const deadLetters: DeadLetterStore<MemoryTransaction> = {
  async add(tx, letters) {
    for (const letter of letters) {
      if (tx.get('dead_letter', letterKey(letter))) continue;
      tx.put('dead_letter', letterKey(letter), newLetter(letter, tx.number('dead_letter')));
    }
  },
  async list(tx, limit) {
    const letters = tx.rows<StoredLetter>('dead_letter').map(asAdded);
    return letters.toSorted((a, b) => a.at.getTime() - b.at.getTime() || order(a, b)).slice(0, limit);
  },
};
const order = (a: DeadLetter, b: DeadLetter): number =>
  a.topic.localeCompare(b.topic) || a.partition - b.partition || a.offset - b.offset || a.index - b.index;

/** The bus's store in memory, deterministic: for specs and simulation. */
export const memoryBusStore = (tables = new MemoryTables()): BusStore<MemoryTransaction> => ({
  transaction: (_pool, work) => tables.transaction(work),
  statement: (_pool, work) => tables.transaction(work),
  reader: () => tables.reader(),
  progress: memoryProgress,
  outcomes,
  parking: memoryParking,
  deadLetters,
  journal: memoryJournal,
  operate: memoryOperate,
  counts: async (tx) => ({
    unstamped: countUnstamped(tx),
    unpublished: countUnpublished(tx),
    unsentSince: unsentSince(tx),
    deadLetters: tx.rows<StoredLetter>('dead_letter').filter(({ state }) => state === 'open').length,
    parkedKeys: tx.rows('parked_key').length,
  }),
});
