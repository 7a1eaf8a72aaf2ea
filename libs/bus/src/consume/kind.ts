import type { ReplayedMessage } from '@linli/contracts';
import type { BeforeCommands, CommandHandler, FactHandler, StreamHandler } from '../handling.js';
import type { LogRecord } from '../log/log.js';
import type { Chunk } from './chunk.js';
import type { Item, SliceLimits } from './item.js';

/** The handlers of one service, by message type (`streams`: by topic). */
export interface Handlers<Tx> {
  /** `version`: the newest shape that the handler can read. */
  readonly commands: ReadonlyMap<string, { readonly version: number; readonly handle: CommandHandler<Tx> }>;
  readonly beforeCommands?: BeforeCommands<Tx> | undefined;
  readonly streams: ReadonlyMap<string, StreamHandler<Tx>>;
  readonly facts: ReadonlyMap<string, FactHandler<Tx>>;
}

/** An item that could be read. */
export interface Ready<T> {
  readonly item: Item<T>;
  readonly value: T;
}

/** What differs between commands, streams and facts; the fence, bisection and progress are the same for all. */
export interface Kind<Tx, T> {
  /** What one transaction takes, where it is not the common limit. */
  readonly slice?: SliceLimits;
  /** Never throws: what cannot be read is an answer too. */
  decode(record: LogRecord): readonly Item<T>[];
  /** Handles items in order. Throws what a handler throws. */
  apply(chunk: Chunk<Tx>, ready: readonly Ready<T>[]): Promise<void>;
  /** Gets the one item at fault out of the way without losing it. */
  setAside(chunk: Chunk<Tx>, ready: Ready<T>, error: unknown): Promise<void>;
  /** Facts only: their place in the producer's journal, by which duplicates and gaps are seen. */
  numberOf?(value: T): { readonly seq: number; readonly epoch: number };
  /** What must not share its transaction with anything else. */
  alone?(value: T): boolean;
  /** Commands only: runs one that was set aside before, in its place and with its id; the kinds without it just apply. */
  again?(chunk: Chunk<Tx>, ready: Ready<T>): Promise<ReplayedMessage>;
  /** Commands only: an operator decided that it will not be done. */
  discard?(chunk: Chunk<Tx>, value: T, reason: string): Promise<void>;
}

export const isAlone = <Tx, T>(kind: Kind<Tx, T>, item: Item<T> | undefined): boolean =>
  item !== undefined && 'value' in item.body && (kind.alone?.(item.body.value) ?? false);
