import type { Place, Progress } from '../store/bus-store.js';
import { admit, type Admission, type Stop } from './admission.js';
import { fingerprintOf } from './fingerprint.js';
import { isDone, type Item } from './item.js';
import type { Kind } from './kind.js';

/** Where a partition's worker stands. */
export interface Stand {
  readonly place: Place;
  readonly owner: string;
  /** Written with the progress: 0 in normal times (see suspicion.ts). */
  readonly crashCount: number;
  /** An offset from which records are known to be missing rightly (e.g. control records of the log). */
  readonly tolerated: number | null;
}

/** What one partition brings to a transaction. */
export interface Share<T> {
  readonly stand: Stand;
  readonly items: readonly Item<T>[];
}

/** What one transaction did of a share: the first `done` items are behind us, `stop` says why not all are. */
export interface Attempted {
  readonly done: number;
  readonly stop: Stop | null;
  readonly progress: Progress;
}

/** A share under the fence: what of it may be done now. */
export interface Admitted<T> {
  readonly share: Share<T>;
  readonly progress: Progress;
  /** Items that were done before. */
  readonly skipped: number;
  /** Null when nothing may be done, for the reason of `stop`. */
  readonly admission: Admission<T> | null;
  readonly stop: Stop | null;
}

type NumberOf<T> = Kind<unknown, T>['numberOf'];

/** Facts find their holes by number; the others by offset. */
const missing = <T>(
  first: Item<T> | undefined,
  progress: Progress,
  { stand }: Share<T>,
  numberOf: NumberOf<T>,
): Stop | null => {
  if (!first || numberOf || progress.offset === stand.tolerated) return null;
  const { offset } = first.record;
  const whole = offset === progress.offset && first.index === progress.index;
  return whole ? null : { missing: progress.offset };
};

export const admitShare = <T>(share: Share<T>, progress: Progress, numberOf: NumberOf<T>): Admitted<T> => {
  const todo = share.items.filter((item) => !isDone(item, progress));
  const skipped = share.items.length - todo.length;
  const stop = missing(todo[0], progress, share, numberOf);
  if (stop) return { share, progress, skipped, admission: null, stop };
  const admission = admit(todo, progress, numberOf);
  return { share, progress, skipped, admission, stop: admission.stop };
};

const lastFingerprint = (items: readonly Item<unknown>[], progress: Progress): string | null => {
  const whole = items.findLast(({ record, next }) => next.offset === record.offset + 1);
  return whole ? fingerprintOf(whole.record) : progress.fingerprint;
};

/** Where the partition stands once the admitted items are done. */
export const progressAfter = <T>({ share, progress, admission }: Admitted<T>): Progress => {
  if (!admission || admission.items.length === 0) return progress;
  const { stand } = share;
  const next = admission.items.at(-1)?.next ?? progress;
  return {
    offset: next.offset,
    index: next.index,
    lastSeq: admission.lastSeq,
    epoch: admission.epoch,
    fingerprint: lastFingerprint(admission.items, progress),
    owner: stand.owner,
    crashFrom: stand.crashCount > 0 ? progress.crashFrom : null,
    crashCount: stand.crashCount,
  };
};
