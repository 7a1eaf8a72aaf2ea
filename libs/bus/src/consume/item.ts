import type { LogRecord } from '../log/log.js';
import type { Progress } from '../store/bus-store.js';
import { correlationIn } from '../watch.js';
import type { Decoded } from '../wire/decoded.js';

/** One thing to handle: a whole record, or one of the many packed in it. */
export interface Item<T> {
  readonly record: LogRecord;
  readonly index: number;
  /** Where progress stands once it is done. */
  readonly next: { readonly offset: number; readonly index: number };
  readonly body: Decoded<T>;
}

export type Position = Item<unknown>['next'];

export const before = (a: Position, b: Position): boolean =>
  a.offset < b.offset || (a.offset === b.offset && a.index < b.index);

export const positionOf = ({ record, index }: Item<unknown>): Position => ({ offset: record.offset, index });

export const isDone = (item: Item<unknown>, progress: Progress): boolean =>
  before(positionOf(item), progress);

/** The items of a record. One that holds none still has to be passed. */
export const itemsOf = <T>(record: LogRecord, bodies: readonly Decoded<T>[]): Item<T>[] => {
  const all: readonly Decoded<T>[] = bodies.length > 0 ? bodies : [{ nothing: true }];
  return all.map((body, index) => ({
    record,
    index,
    next:
      index + 1 < all.length
        ? { offset: record.offset, index: index + 1 }
        : { offset: record.offset + 1, index: 0 },
    body,
  }));
};

/** A record that is not even looked into. */
export const unread = (record: LogRecord, deaths: number): Item<never> => ({
  record,
  index: 0,
  next: { offset: record.offset + 1, index: 0 },
  body: { bad: `reading it ended the process ${deaths} times` },
});

interface Correlated {
  readonly correlationId?: string;
  readonly fact?: { readonly correlationId: string };
}

/** The request that led to an item, where its record or its value says so. */
export const correlationOf = ({ record, body }: Item<unknown>): string | undefined => {
  const value = ('value' in body ? body.value : null) as Correlated | null;
  return value?.correlationId ?? value?.fact?.correlationId ?? correlationIn(record);
};

export interface SliceLimits {
  readonly records: number;
  readonly bytes: number;
}

/** Cuts a batch into what one transaction takes. A record that is over the limit alone goes alone. */
export const slices = (records: readonly LogRecord[], limits: SliceLimits): LogRecord[][] => {
  const cut: LogRecord[][] = [];
  let bytes = 0;
  for (const record of records) {
    const size = record.value?.length ?? 0;
    const slice = cut.at(-1);
    if (slice && slice.length < limits.records && bytes + size <= limits.bytes) {
      slice.push(record);
      bytes += size;
    } else {
      cut.push([record]);
      bytes = size;
    }
  }
  return cut;
};

/** Cuts items so that each one that must be alone is. */
export const runsOf = <T>(items: readonly Item<T>[], alone: (item: Item<T>) => boolean): Item<T>[][] => {
  const runs: Item<T>[][] = [[]];
  for (const item of items) {
    if (alone(item)) runs.push([item], []);
    else runs.at(-1)?.push(item);
  }
  return runs.filter((run) => run.length > 0);
};
