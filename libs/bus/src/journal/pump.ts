import type { TopicSpec } from '@linli/contracts';
import type { Timers } from '@linli/kernel';
import { failpoint } from '../failpoint.js';
import { Loop } from './loop.js';
import { relayTopic, type RelayParts } from './relay.js';
import type { StampedEntry } from '../store/journal-store.js';
import { stampAll, stampTopic } from './stamper.js';

const HOUR_MS = 3_600_000;

export interface PumpParts<Tx> extends RelayParts<Tx> {
  readonly topics: readonly TopicSpec[];
  readonly everyMs: number;
  readonly retryMs: number;
  readonly longestRestMs: number;
  readonly onStamped: (topic: string, rows: readonly StampedEntry[]) => void;
  readonly onError: (what: string, error: unknown) => void;
  readonly timers?: Timers;
}

/** Streams exist, with the partition counts they were made with; the coming months can be written. */
export const openStreams = async <Tx>({
  store,
  topics,
}: Pick<PumpParts<Tx>, 'store' | 'topics'>): Promise<void> => {
  await store.transaction('relay', async (tx) => {
    await store.journal.prepare(tx);
    for (const topic of topics) {
      const streams = await store.journal.open(tx, topic);
      const frozen = streams.find(({ partitionCount }) => partitionCount !== topic.partitions);
      if (!frozen) continue;
      throw new Error(
        `${topic.name} was made with ${frozen.partitionCount} partitions and is declared with ${topic.partitions}: ` +
          'the count is frozen, a new count needs a new topic version',
      );
    }
  });
};

/** Moves what was told out: stamps it, then publishes it, each topic by itself: none waits for another one's disk. */
export class Pump<Tx> {
  private readonly lookout: Loop;
  private readonly stampers: ReadonlyMap<string, Loop>;
  private readonly relays: ReadonlyMap<string, Loop>;
  private readonly months: Loop;

  constructor(private readonly parts: PumpParts<Tx>) {
    this.lookout = this.loop('looking for what was told', () => this.look());
    // Woken by who tells, and by the lookout.
    this.stampers = new Map(
      parts.topics.map(({ name }) => [name, this.loop(`stamping ${name}`, () => this.stamp(name), HOUR_MS)]),
    );
    this.relays = new Map(
      parts.topics.map((topic) => [
        topic.name,
        this.loop(`publishing ${topic.name}`, () => relayTopic(parts, topic)),
      ]),
    );
    this.months = this.loop('preparing months', () => this.prepare(), HOUR_MS);
  }

  start(): void {
    this.lookout.start();
    for (const relay of this.relays.values()) relay.start();
    this.months.start();
  }

  /** Something was told on these topics. */
  kick(topics: Iterable<string>): void {
    for (const topic of topics) this.stampers.get(topic)?.kick();
  }

  /** Stamps and sends what is there, as far as the outside lets it, and ends. */
  async drain(): Promise<void> {
    await Promise.all([this.lookout.stop(), this.months.stop()]);
    await Promise.all([...this.stampers.values()].map((stamper) => stamper.stop()));
    await Promise.all([...this.relays.values()].map((relay) => relay.stop()));
    await this.flush().catch((error: unknown) => this.parts.onError('a last round', error));
  }

  private async flush(): Promise<void> {
    while (await stampAll(this.parts.store));
    await Promise.all(this.parts.topics.map((topic) => this.empty(topic)));
  }

  private async empty(topic: TopicSpec): Promise<void> {
    while (await relayTopic(this.parts, topic));
  }

  /** What a process told that died since; also on topics that this service tells no more. */
  private async look(): Promise<boolean> {
    const { store } = this.parts;
    const waiting = await store.journal.waiting(store.reader('relay'));
    this.kick(waiting);
    for (const topic of waiting) if (!this.stampers.has(topic)) await this.stamp(topic);
    return false;
  }

  private async stamp(topic: string): Promise<boolean> {
    const { rows, more } = await stampTopic(this.parts.store, topic);
    if (rows.length === 0) return more;
    failpoint('after-stamp');
    this.relays.get(topic)?.kick();
    this.parts.onStamped(topic, rows);
    return more;
  }

  private async prepare(): Promise<boolean> {
    await this.parts.store.transaction('relay', (tx) => this.parts.store.journal.prepare(tx));
    return false;
  }

  private loop(what: string, work: () => Promise<boolean>, everyMs = this.parts.everyMs): Loop {
    const { retryMs, longestRestMs, timers, onError } = this.parts;
    const options = { everyMs, retryMs, longestRestMs, ...(timers && { timers }) };
    return new Loop(work, { ...options, onError: (error) => onError(what, error) });
  }
}
