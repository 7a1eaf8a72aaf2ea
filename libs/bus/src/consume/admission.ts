import type { Progress } from '../store/bus-store.js';
import type { Item } from './item.js';
import type { Kind, Ready } from './kind.js';

/** Why a run of items ended before its end. */
export type Stop =
  /** Somebody must look. */
  | { readonly halt: string }
  /** The log began above our progress: look why. */
  | { readonly missing: number }
  /** Facts `from..to` are not in the log where they should be. */
  | { readonly gap: { readonly from: number; readonly to: number; readonly epoch: number } };

/** The leading items that may be done now. */
export interface Admission<T> {
  readonly items: readonly Item<T>[];
  /** Those of them that have to be handled. */
  readonly ready: readonly Ready<T>[];
  /** Those of them that cannot be read. */
  readonly bad: readonly Item<T>[];
  readonly duplicates: number;
  readonly lastSeq: number;
  readonly epoch: number;
  readonly stop: Stop | null;
}

interface Draft<T> {
  readonly items: Item<T>[];
  readonly ready: Ready<T>[];
  readonly bad: Item<T>[];
  duplicates: number;
  lastSeq: number;
  epoch: number;
}

type NumberOf<T> = Kind<unknown, T>['numberOf'];

/**
 * The dense rule: last + 1 is applied, what is below was, what is above has a hole before it. The producer numbers in a
 * new epoch after its database was failed over or restored. What it then numbers below our last is proof that we have
 * facts that it lost: that is for somebody to look at. What still comes of an older epoch above our last is such a lost
 * fact.
 */
const placeInStream = <T>(
  draft: Draft<T>,
  { seq, epoch }: ReturnType<NonNullable<NumberOf<T>>>,
): Stop | 'apply' | 'drop' => {
  if (draft.epoch !== 0 && epoch > draft.epoch && seq <= draft.lastSeq) {
    return {
      halt:
        `facts ${seq} to ${draft.lastSeq} of epoch ${draft.epoch} were applied here, but the producer was restored ` +
        `without them and numbers in epoch ${epoch}: compare both, then move on`,
    };
  }
  if (seq <= draft.lastSeq || epoch < draft.epoch) return 'drop';
  if (seq > draft.lastSeq + 1) return { gap: { from: draft.lastSeq + 1, to: seq - 1, epoch } };
  return 'apply';
};

const admitValue = <T>(draft: Draft<T>, item: Item<T>, value: T, numberOf: NumberOf<T>): Stop | null => {
  const number = numberOf?.(value);
  const place = number ? placeInStream(draft, number) : 'apply';
  if (typeof place === 'object') return place;
  draft.items.push(item);
  if (place === 'drop') draft.duplicates += 1;
  else draft.ready.push({ item, value });
  if (number && place === 'apply') Object.assign(draft, { lastSeq: number.seq, epoch: number.epoch });
  return null;
};

const admitOne = <T>(draft: Draft<T>, item: Item<T>, numberOf: NumberOf<T>): Stop | null => {
  if ('halt' in item.body) return { halt: item.body.halt };
  if ('value' in item.body) return admitValue(draft, item, item.body.value, numberOf);
  draft.items.push(item);
  if ('bad' in item.body) draft.bad.push(item);
  return null;
};

/** Decides, under the fence, how far a run of items may be done in one go. */
export const admit = <T>(
  items: readonly Item<T>[],
  progress: Progress,
  numberOf: NumberOf<T>,
): Admission<T> => {
  const { lastSeq, epoch } = progress;
  const draft: Draft<T> = { items: [], ready: [], bad: [], duplicates: 0, lastSeq, epoch };
  for (const item of items) {
    const stop = admitOne(draft, item, numberOf);
    if (stop) return { ...draft, stop };
  }
  return { ...draft, stop: null };
};
