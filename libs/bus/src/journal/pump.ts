import type { TopicSpec } from '@linli/contracts';
import type { Timers } from '@linli/kernel';
import { failpoint } from '../failpoint.js';
import { Loop } from './loop.js';
import { relayTopic, type RelayParts } from './relay.js';
import { stampAll } from './stamper.js';

const HOUR_MS = 3_600_000;

export interface PumpParts<Tx> extends RelayParts<Tx> {
  readonly topics: readonly TopicSpec[];
  readonly everyMs: number;
  readonly retryMs: number;
  readonly longestRestMs: number;
  readonly onStamped: (topic: string) => void;
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

/** Moves what was told out: stamps it, then publishes it, each topic by itself. */
export class Pump<Tx> {
  private readonly stamper: Loop;
  private readonly relays: ReadonlyMap<string, Loop>;
  private readonly months: Loop;

  constructor(private readonly parts: PumpParts<Tx>) {
    this.stamper = this.loop('stamping', () => this.stamp());
    this.relays = new Map(
      parts.topics.map((topic) => [
        topic.name,
        this.loop(`publishing ${topic.name}`, () => relayTopic(parts, topic)),
      ]),
    );
    this.months = this.loop('preparing months', () => this.prepare(), HOUR_MS);
  }

  start(): void {
    this.stamper.start();
    for (const relay of this.relays.values()) relay.start();
    this.months.start();
  }

  /** Something was told. */
  kick(): void {
    this.stamper.kick();
  }

  /** Stamps and sends what is there, as far as the outside lets it, and ends. */
  async drain(): Promise<void> {
    await Promise.all([this.stamper.stop(), this.months.stop()]);
    await Promise.all([...this.relays.values()].map((relay) => relay.stop()));
    await this.flush().catch((error: unknown) => this.parts.onError('a last round', error));
  }

  private async flush(): Promise<void> {
    while ((await stampAll(this.parts.store)).more);
    await Promise.all(this.parts.topics.map((topic) => this.empty(topic)));
  }

  private async empty(topic: TopicSpec): Promise<void> {
    while (await relayTopic(this.parts, topic));
  }

  private async stamp(): Promise<boolean> {
    const { topics, more } = await stampAll(this.parts.store);
    if (topics.length > 0) failpoint('after-stamp');
    for (const topic of topics) {
      this.relays.get(topic)?.kick();
      this.parts.onStamped(topic);
    }
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
