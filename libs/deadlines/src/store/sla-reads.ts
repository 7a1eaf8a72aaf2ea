import type { Principal, SlaBand, SlaState } from '@linli/contracts';
import type { Deadline } from '../ledger/deadline.js';

/** Which open deadlines are meant: those of the tenant in the areas that may be seen, narrowed by what is given. */
export interface SlaFilter extends Pick<Principal, 'tenant' | 'areas'> {
  readonly clock?: string | undefined;
  readonly unit?: string | undefined;
  /** Division code, or the beginning of one. */
  readonly area?: string | undefined;
  /** Only exercises, or none; absent: both. */
  readonly exercise?: boolean | undefined;
}

export interface SlaItemFilter extends SlaFilter {
  readonly state?: SlaState | undefined;
  readonly band?: SlaBand | undefined;
  /** Whether it stands still now. */
  readonly suspended?: boolean | undefined;
  readonly provisional?: boolean | undefined;
}

/** Place of a deadline in the order of due times; `due` null: behind all that have one. */
export interface SlaPlace {
  readonly due: number | null;
  readonly id: string;
}

export interface QueueName {
  readonly clock: string;
  readonly unit: string | null;
}

/** How many open deadlines there are in each band. */
export type BandCounts = Readonly<Record<SlaBand, number>>;

export interface QueueCount extends QueueName {
  readonly bands: BandCounts;
  readonly provisional: number;
  readonly unescalated: number;
  /** When the first of them was started, milliseconds. */
  readonly oldest: number;
  /** The first due time, milliseconds; null: all stand still. */
  readonly firstDue: number | null;
}

export interface PauseCount extends QueueName {
  readonly reason: string;
  readonly count: number;
}

export interface DueCount extends QueueName {
  /** Milliseconds: the first of those that stand together. */
  readonly due: number;
  readonly count: number;
}

/** Instants and a length of time, in milliseconds. */
export interface Horizon {
  readonly now: number;
  readonly until: number;
  /** What is due within the same step from now on stands together. */
  readonly step: number;
}

export interface EndedCount extends QueueName {
  readonly ended: number;
  readonly inTime: number;
  /** When the first of them was started, milliseconds. */
  readonly started: number;
}

export interface ClockCount {
  readonly clock: string;
  /** Without exercises. */
  readonly bands: BandCounts;
  /** Exercises too: it is about the machine. */
  readonly unescalated: number;
}

/** Deadlines as operators look at them. Read only; `now` is what `at` answered, so that one question has one time. */
export interface SlaReads<Tx> {
  /** The store's clock, milliseconds. */
  at(tx: Tx): Promise<number>;
  /** Queues with an open deadline, by clock and unit. */
  queues(tx: Tx, filter: SlaFilter, now: number): Promise<readonly QueueCount[]>;
  /** Open deadlines that stand still now, by queue and reason. */
  pauses(tx: Tx, filter: SlaFilter, now: number): Promise<readonly PauseCount[]>;
  /** Open deadlines by due time, then id, behind a place. */
  items(
    tx: Tx,
    filter: SlaItemFilter & { readonly after: SlaPlace | null; readonly limit: number },
    now: number,
  ): Promise<readonly Deadline[]>;
  /** Open deadlines that are due by an instant, by queue and due time; the overdue ones of a queue stand together. */
  dueBy(tx: Tx, filter: SlaFilter, horizon: Horizon): Promise<readonly DueCount[]>;
  /** The n-th (from 1) of a queue, in the order of `items`. */
  nth(tx: Tx, filter: SlaFilter, queue: QueueName, n: number): Promise<SlaPlace | null>;
  /** What ended since an instant, by queue. */
  ended(tx: Tx, filter: SlaFilter, since: number): Promise<readonly EndedCount[]>;
  /** Open deadlines of a clock in the order of ids, behind one (`` from the beginning). */
  ofClock(
    tx: Tx,
    filter: SlaFilter & { readonly clock: string; readonly after: string; readonly limit: number },
  ): Promise<readonly Deadline[]>;
  /** Of all tenants, for metrics. */
  clocks(tx: Tx, now: number): Promise<readonly ClockCount[]>;
}
