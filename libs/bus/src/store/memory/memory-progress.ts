import { beginning, type Place, type Progress, type ProgressStore } from '../bus-store.js';
import type { MemoryTransaction } from './memory-tables.js';

export interface ProgressRow extends Place {
  readonly progress: Progress;
}
export const rowKey = ({ group, topic, partition }: Place): string => `${group} ${topic} ${partition}`;
const putProgress = (tx: MemoryTransaction, place: Place, progress: Progress): void =>
  tx.put('progress', rowKey(place), { ...place, progress } satisfies ProgressRow);
export const progressRows = (tx: MemoryTransaction, group: string, topic: string): ProgressRow[] =>
  tx.rows<ProgressRow>('progress').filter((row) => row.group === group && row.topic === topic);

export const memoryProgress: ProgressStore<MemoryTransaction> = {
  async lock(tx, place) {
    const row = tx.get<ProgressRow>('progress', rowKey(place));
    if (!row) putProgress(tx, place, beginning);
    return row?.progress ?? beginning;
  },
  async lockFree(tx, group, topic, partitions) {
    const rows = progressRows(tx, group, topic).filter(({ partition }) => partitions.includes(partition));
    return new Map(rows.map(({ partition, progress }) => [partition, progress]));
  },
  async advance(tx, steps) {
    return steps.every(({ place, from, to }) => {
      const now = tx.get<ProgressRow>('progress', rowKey(place))?.progress;
      if (now?.offset !== from.offset || now.index !== from.index || now.lastSeq !== from.lastSeq)
        return false;
      putProgress(tx, place, to);
      return true;
    });
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
