import type { TopicSpec } from '@linli/contracts';
import type { Cursor, JournalEntry } from './journal-entry.js';
import type { BusStore } from '../store/bus-store.js';
import type { StampedEntry } from '../store/journal-store.js';
import { toJournalEntry } from './entry.js';
import { Loop, type LoopOptions } from './loop.js';

const ROWS_PER_PARTITION = 200;

type OnEntries = (entries: readonly JournalEntry[], cursor: Cursor) => void;

interface Listener {
  cursor: Cursor;
  readonly onEntries: OnEntries;
}

export const endOf = async <Tx>(store: BusStore<Tx>, topic: TopicSpec): Promise<Cursor> => {
  const streams = await store.journal.streams(store.reader('http'), topic.name);
  const seqs = new Map(streams.map((stream) => [stream.partition, stream.lastSeq]));
  return Array.from({ length: topic.partitions }, (_, partition) => seqs.get(partition) ?? 0);
};

const isBehind = (cursor: Cursor, end: Cursor): boolean => end.some((seq, n) => seq > (cursor[n] ?? 0));

const isNew =
  (cursor: Cursor) =>
  ({ partition, seq }: Pick<JournalEntry, 'partition' | 'seq'>): boolean =>
    seq > (cursor[partition] ?? 0);

/** Of what was just stamped: what follows a cursor without a gap. */
const following = (cursor: Cursor, entries: readonly JournalEntry[]): JournalEntry[] => {
  const next = [...cursor];
  return entries.filter(({ partition, seq }) => {
    if (seq !== (next[partition] ?? 0) + 1) return false;
    next[partition] = seq;
    return true;
  });
};

const moved = (cursor: Cursor, entries: readonly JournalEntry[]): Cursor => {
  const next = [...cursor];
  for (const { partition, seq } of entries) next[partition] = seq;
  return next;
};

/** The live end of one topic's journal, read once for all who listen; each has a cursor of its own. */
export class Tail<Tx> {
  private readonly listeners = new Set<Listener>();
  private readonly loop: Loop;

  constructor(
    private readonly store: BusStore<Tx>,
    private readonly topic: TopicSpec,
    private readonly options: LoopOptions,
  ) {
    this.loop = new Loop(() => this.read(), options);
  }

  listen(after: Cursor, onEntries: OnEntries): () => void {
    const cursor = Array.from({ length: this.topic.partitions }, (_, n) => after[n] ?? 0);
    const listener = { cursor, onEntries };
    this.listeners.add(listener);
    if (this.listeners.size === 1) this.loop.start();
    else this.loop.kick();
    return () => this.listeners.delete(listener);
  }

  /** Who has heard all that was before is handed what was just stamped here; for the others it is read. */
  stamped(rows: readonly StampedEntry[]): void {
    if (this.listeners.size === 0) return;
    const entries = rows.map(toJournalEntry);
    for (const listener of this.listeners) this.hand(listener, following(listener.cursor, entries));
    if ([...this.listeners].some(({ cursor }) => entries.some(isNew(cursor)))) this.loop.kick();
  }

  async close(): Promise<void> {
    this.listeners.clear();
    await this.loop.stop();
  }

  private async read(): Promise<boolean> {
    if (this.listeners.size === 0) return false;
    const end = await endOf(this.store, this.topic);
    const pages = new Map<string, Promise<readonly JournalEntry[]>>();
    const behind = [...this.listeners].filter(({ cursor }) => isBehind(cursor, end));
    for (const listener of behind) {
      const place = listener.cursor.join();
      const page = pages.get(place) ?? this.page(listener.cursor);
      pages.set(place, page);
      const entries = await page;
      this.hand(listener, entries.filter(isNew(listener.cursor)));
    }
    return behind.some(({ cursor }) => isBehind(cursor, end));
  }

  /** One listener that throws must not keep the others from hearing. */
  private hand(listener: Listener, entries: readonly JournalEntry[]): void {
    if (entries.length === 0 || !this.listeners.has(listener)) return;
    listener.cursor = moved(listener.cursor, entries);
    try {
      listener.onEntries(entries, listener.cursor);
    } catch (error) {
      this.options.onError(error);
    }
  }

  private async page(cursor: Cursor): Promise<readonly JournalEntry[]> {
    const { store, topic } = this;
    const rows = await store.journal.after(store.reader('http'), topic.name, cursor, ROWS_PER_PARTITION);
    return rows.map(toJournalEntry);
  }
}
