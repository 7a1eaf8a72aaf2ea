import type { Logger } from 'pino';
import type { BusState } from '../bus.js';
import type { TopicConsumer } from '../consume/topic-consumer.js';
import type { BusStore, Place } from '../store/bus-store.js';

export interface Watched {
  readonly group: string;
  readonly topic: string;
  readonly consumer: Pick<TopicConsumer<unknown, unknown>, 'state' | 'again'>;
}

interface Parts<Tx> {
  readonly store: BusStore<Tx>;
  readonly clock: { now(): Date };
  readonly logger: Pick<Logger, 'info'>;
}

/**
 * Writes down which partitions are halted, so that every process and every operator knows, and lets one go on when an
 * operator took the note away. Whoever holds the partition does both; nobody else can.
 */
export class Halts<Tx> {
  private readonly noted = new Map<string, string>();
  /** Partitions looked at since this process began: an earlier one may have left a note. */
  private readonly seen = new Set<string>();

  constructor(
    private readonly parts: Parts<Tx>,
    private readonly watched: readonly Watched[],
  ) {}

  async look(): Promise<boolean> {
    for (const one of this.watched) {
      const state = one.consumer.state();
      if (state.some(({ partition, halted }) => halted !== null || this.isNew(keyOf(one, partition))))
        await this.lookAt(one, state);
    }
    return false;
  }

  private isNew(key: string): boolean {
    return this.noted.has(key) || !this.seen.has(key);
  }

  private async lookAt(one: Watched, state: BusState['consumers']): Promise<void> {
    const { operate } = this.parts.store;
    const rows = await operate.partitions(this.parts.store.reader('relay'), one.group, one.topic);
    const inStore = new Map(rows.map(({ partition, halted }) => [partition, halted]));
    let resumed = false;
    for (const { partition, halted } of state) {
      const key = keyOf(one, partition);
      const left = !this.seen.has(key) && halted === null && (inStore.get(partition) ?? null) !== null;
      this.seen.add(key);
      if (left || this.noted.get(key) !== (halted ?? undefined)) await this.note(one, partition, halted);
      else if (halted !== null && (inStore.get(partition) ?? null) === null) {
        this.noted.delete(key);
        resumed = true;
      }
    }
    if (!resumed) return;
    this.parts.logger.info({ topic: one.topic }, 'an operator resumed a partition: looking again');
    one.consumer.again();
  }

  private async note({ group, topic }: Watched, partition: number, reason: string | null): Promise<void> {
    const place: Place = { group, topic, partition };
    const halted = reason === null ? null : { reason, at: this.parts.clock.now() };
    await this.parts.store.transaction('relay', (tx) =>
      this.parts.store.operate.setHalted(tx, place, halted),
    );
    if (reason === null) this.noted.delete(keyOf({ topic }, partition));
    else this.noted.set(keyOf({ topic }, partition), reason);
  }
}

const keyOf = ({ topic }: Pick<Watched, 'topic'>, partition: number): string => `${topic}/${partition}`;
