import { DAY, HOUR, type Clock, type Timers } from '@linli/kernel';
import { Loop } from '../journal/loop.js';
import type { BusStore } from '../store/bus-store.js';

/**
 * Longer than anything that can still arrive: the log keeps commands for 14 days, and a dead letter may be replayed for
 * 20 more (reliability C-5). Journal months are kept: they are the audit.
 */
const KEPT_MS = 35 * DAY;
const AT_ONCE = 5_000;

/** Removes old final outcomes and dead letters that ended, every hour, in small transactions. */
export const sweeper = <Tx>(
  { store, clock, timers }: { readonly store: BusStore<Tx>; readonly clock: Clock; readonly timers?: Timers },
  onError: (error: unknown) => void,
): Loop =>
  new Loop(
    () => {
      const before = new Date(clock.now().getTime() - KEPT_MS);
      return store.transaction('relay', (tx) => store.operate.sweep(tx, before, AT_ONCE));
    },
    { everyMs: HOUR, longestRestMs: HOUR, onError, ...(timers && { timers }) },
  );
