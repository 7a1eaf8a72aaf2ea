import type { Outcome } from '@linli/contracts';
import type { ParkedKey, ParkedMessage, Place } from '../bus-store.js';
import type { OperateStore, Parking, PartitionRow, StoredLetter } from '../operate-store.js';
import { memoryProgress, progressRows, rowKey } from './memory-progress.js';
import type { MemoryTransaction } from './memory-tables.js';

interface Halt extends Place {
  readonly reason: string;
  readonly at: Date;
}
type KeyRow = ParkedKey & Pick<Parking, 'n' | 'id'>;

const byN = (a: { readonly n: number }, b: { readonly n: number }): number => a.n - b.n;

const lettersOf = (tx: MemoryTransaction): StoredLetter[] =>
  tx.rows<StoredLetter>('dead_letter').toSorted(byN);

const waitingOf = (
  tx: MemoryTransaction,
  { group, key }: Pick<ParkedKey, 'group' | 'key'>,
): ParkedMessage[] =>
  tx
    .rows<ParkedMessage>('parked_message')
    .filter((row) => row.group === group && row.key === key)
    .toSorted(byN);

const parkingsOf = (tx: MemoryTransaction): Parking[] =>
  tx
    .rows<KeyRow>('parked_key')
    .toSorted(byN)
    .map((row) => {
      const waiting = waitingOf(tx, row);
      const [first] = waiting;
      return {
        ...row,
        topic: first?.topic ?? null,
        partition: first?.partition ?? null,
        waiting: waiting.length,
      };
    });

const changeLetter = (tx: MemoryTransaction, id: string, change: Partial<StoredLetter>): void => {
  const letter = lettersOf(tx).find((one) => one.id === id);
  if (letter)
    tx.put('dead_letter', `${rowKey(letter)} ${letter.offset} ${letter.index}`, { ...letter, ...change });
};

export const memoryOperate: OperateStore<MemoryTransaction> = {
  attempt: (tx, work) => tx.attempt(work),

  async letters(tx, { topic, state, errorContains, since, until, after, limit }) {
    return lettersOf(tx)
      .filter(
        (row) =>
          row.n > after &&
          (topic === undefined || row.topic === topic) &&
          (state === undefined || row.state === state) &&
          (errorContains === undefined || row.error.includes(errorContains)) &&
          (since === undefined || row.at >= since) &&
          (until === undefined || row.at < until),
      )
      .slice(0, limit)
      .map((row) => ({ ...row, raw: null }));
  },

  letter: async (tx, id) => lettersOf(tx).find((row) => row.id === id) ?? null,
  lockLetter: async (tx, id) => lettersOf(tx).find((row) => row.id === id) ?? null,

  async endLetter(tx, id, { state, at, by, reason }) {
    changeLetter(tx, id, { state, endedAt: at, endedBy: by, endedReason: reason });
  },

  async failLetter(tx, id, error) {
    const attempts = (lettersOf(tx).find((row) => row.id === id)?.attempts ?? 0) + 1;
    changeLetter(tx, id, { attempts, error });
  },

  async letterCounts(tx) {
    const counts = { open: 0, replayed: 0, discarded: 0 };
    for (const { state } of lettersOf(tx)) counts[state] += 1;
    return counts;
  },

  parkings: async (tx, { after, limit }) =>
    parkingsOf(tx)
      .filter(({ n }) => n > after)
      .slice(0, limit),
  parking: async (tx, id) => parkingsOf(tx).find((row) => row.id === id) ?? null,
  waiting: async (tx, key, limit) => waitingOf(tx, key).slice(0, limit),

  async partitions(tx, group, topic) {
    return progressRows(tx, group, topic)
      .toSorted((a, b) => a.partition - b.partition)
      .map(({ partition, progress }): PartitionRow => {
        const halt = tx.get<Halt>('halt', rowKey({ group, topic, partition }));
        return {
          ...{ partition, next: progress.offset, owner: progress.owner, crashCount: progress.crashCount },
          ...{ movedAt: null, halted: halt?.reason ?? null, haltedAt: halt?.at ?? null },
        };
      });
  },

  async setHalted(tx, place, halted) {
    await memoryProgress.lock(tx, place);
    if (halted) tx.put('halt', rowKey(place), { ...place, ...halted } satisfies Halt);
    else tx.remove('halt', rowKey(place));
  },

  async sweep(tx, before, limit) {
    const outcomes = tx
      .rows<Outcome>('outcome')
      .filter(({ completedAt, status }) => status !== 'parked' && Date.parse(completedAt) < before.getTime())
      .slice(0, limit);
    for (const { commandId } of outcomes) tx.remove('outcome', commandId);
    const letters = lettersOf(tx)
      .filter(({ endedAt }) => endedAt !== null && endedAt < before)
      .slice(0, limit);
    for (const row of letters) tx.remove('dead_letter', `${rowKey(row)} ${row.offset} ${row.index}`);
    return outcomes.length === limit || letters.length === limit;
  },
};
