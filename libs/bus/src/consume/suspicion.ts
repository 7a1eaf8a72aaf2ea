import { beginning, type Place, type Progress } from '../store/bus-store.js';
import type { BusStore } from '../store/bus-store.js';

/** From here on items are done one by one, so that the one that kills is found. */
export const CAREFUL = 3;
/** At this count the next item is set aside without being handled. */
export const GUILTY = 5;
/** At this count even reading it seems to kill: the record is set aside unread. */
export const UNREADABLE = 6;
/** How far past a crash care is taken. */
export const CAREFUL_RECORDS = 200;

/**
 * Takes a partition over: written before anything is handled. An owner that is still named died (or lost the partition)
 * here, so that deaths are counted as long as nothing gets done; whoever failed without dying starts afresh.
 */
export const takeOver = async <Tx>(store: BusStore<Tx>, place: Place, owner: string): Promise<Progress> =>
  store.transaction('consumer', async (tx) => {
    const row = await store.progress.lock(tx, place);
    const crashCount = countAfter(row, owner);
    const crashFrom = crashCount > 0 ? row.offset : null;
    const taken = { ...row, owner, crashCount, crashFrom };
    await store.progress.advance(tx, [{ place, from: row, to: taken }]);
    return taken;
  });

const countAfter = (row: Progress, owner: string): number => {
  if (row.owner === null) return beginning.crashCount;
  if (row.owner === owner) return row.crashCount >= CAREFUL ? CAREFUL : 0;
  return row.crashCount + 1;
};
