import type { Outcome } from '@linli/contracts';
import { allOf } from '@linli/kernel';
import { failpoint } from '../failpoint.js';
import type { BusStore, DeadLetter, NewParkedMessage } from '../store/bus-store.js';
import type { Item } from './item.js';
import type { Told } from './told.js';

const textOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

/** One transaction's worth of work: what it leaves behind besides the handlers' own rows. */
export class Chunk<Tx> {
  readonly outcomes: Outcome[] = [];
  private readonly letters: DeadLetter[] = [];
  private readonly waiting: NewParkedMessage[] = [];
  private readonly parked = new Map<string, string>();

  constructor(
    readonly tx: Tx,
    readonly store: BusStore<Tx>,
    readonly group: string,
    readonly told: Told,
  ) {}

  get now(): Date {
    return this.told.now;
  }

  /** Sets a record aside as it came, or one item of it as it was read. */
  reject(item: Item<unknown>, error: unknown, itemAlone?: Buffer): void {
    const { topic, partition, offset, key, headers, value, appendedAt } = item.record;
    this.letters.push({
      group: this.group,
      topic,
      partition,
      offset,
      index: itemAlone ? item.index : -1,
      key,
      raw: itemAlone ?? value,
      headers,
      error: textOf(error),
      at: this.now,
      appendedAt,
    });
  }

  /** Makes a message wait behind a parked key. */
  queue(key: string, item: Item<unknown>, body: unknown): void {
    const { topic, partition, offset, appendedAt } = item.record;
    this.waiting.push({
      group: this.group,
      key,
      topic,
      partition,
      offset,
      appendedAt,
      body: JSON.stringify(body),
    });
  }

  park(key: string, error: unknown): void {
    this.parked.set(key, textOf(error));
  }

  write(): Promise<void> {
    return this.writeBefore(() => Promise.resolve());
  }

  /** Writes all of it and `last`, in this order; what is sent does not wait for the answer to what was sent before. */
  async writeBefore<R>(last: () => Promise<R>): Promise<R> {
    const { tx, store } = this;
    for (const end of this.told.endings) await end();
    const [, , , , , result] = await allOf([
      store.outcomes.put(tx, this.outcomes),
      this.parkKeys(),
      store.parking.append(tx, this.waiting),
      store.deadLetters.add(tx, this.letters),
      store.journal.append(tx, this.told.entries),
      last(),
    ]);
    return result;
  }

  private async parkKeys(): Promise<void> {
    const { tx, store, group } = this;
    for (const [key, reason] of this.parked) {
      await store.parking.park(tx, { group, key, since: this.now, reason });
      failpoint('while-parking');
    }
  }
}
