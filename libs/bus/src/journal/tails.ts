import type { TopicSpec } from '@linli/contracts';
import type { Bus } from '../bus.js';
import type { Cursor } from './journal-entry.js';
import type { BusStore } from '../store/bus-store.js';
import type { StampedEntry } from '../store/journal-store.js';
import type { LoopOptions } from './loop.js';
import { Tail } from './tail.js';

/** The tails of a service's journal: one a topic, made when somebody listens. */
export class Tails<Tx> {
  private readonly tails = new Map<string, Tail<Tx>>();

  constructor(
    private readonly store: BusStore<Tx>,
    private readonly options: LoopOptions,
  ) {}

  listen(topic: TopicSpec, after: Cursor, onEntries: Parameters<Bus['tail']>[2]): () => void {
    const tail = this.tails.get(topic.name) ?? new Tail(this.store, topic, this.options);
    this.tails.set(topic.name, tail);
    return tail.listen(after, onEntries);
  }

  stamped(topic: string, rows: readonly StampedEntry[]): void {
    this.tails.get(topic)?.stamped(rows);
  }

  async close(): Promise<void> {
    await Promise.all([...this.tails.values()].map((tail) => tail.close()));
  }
}
