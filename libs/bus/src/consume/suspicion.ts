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
    const died = crashCount > row.crashCount;
    const crashFrom = crashCount > 0 ? (died ? row.offset : (row.crashFrom ?? row.offset)) : null;
    const taken = { ...row, owner, crashCount, crashFrom };
    await store.progress.advance(tx, [{ place, from: row, to: taken }]);
    return taken;
  });

/**
 * Whether a partition is one of those that are done one by one, and one after the other: a shared transaction that
 * kills is blamed on all its partitions, so from here on only the one that is worked at must be named in its row.
 */
export const isSuspected = async <Tx>(store: BusStore<Tx>, place: Place, owner: string): Promise<boolean> => {
  const rows = await store.progress.of(store.reader('consumer'), place.group, place.topic);
  return countAfter(rows.get(place.partition) ?? beginning, owner) >= CAREFUL;
};

/** Nobody works at it for now: what happens meanwhile is not its fault. */
export const stepBack = async <Tx>(store: BusStore<Tx>, place: Place, owner: string): Promise<void> =>
  store.transaction('consumer', async (tx) => {
    const row = await store.progress.lock(tx, place);
    if (row.owner !== owner) return;
    await store.progress.advance(tx, [{ place, from: row, to: { ...row, owner: null } }]);
  });

const countAfter = (row: Progress, owner: string): number => {
  if (row.owner !== null && row.owner !== owner) return row.crashCount + 1;
  return row.crashCount >= CAREFUL ? CAREFUL : beginning.crashCount;
};
