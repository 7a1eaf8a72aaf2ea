import type { TopicSpec } from '@linli/contracts';
import type { Clock } from '@linli/kernel';
import type { BusStore } from '../store/bus-store.js';
import type { Signer } from '../wire/signer.js';

/** The end of a stream of the journal at some time, sealed with a key that the database does not hold. */
export interface Anchor {
  readonly topic: string;
  readonly partition: number;
  readonly seq: number;
  /** Of the row `seq`. */
  readonly hash: string;
  readonly at: string;
  readonly seal: string;
}

/** Where anchors are kept: a place that whoever changes the database cannot reach. Append-only. */
export interface AnchorSink {
  /** Resolves when they are durable. */
  add(anchors: readonly Anchor[]): Promise<void>;
  of(topic: string, partition: number): Promise<readonly Anchor[]>;
}

export interface Anchoring {
  readonly sink: AnchorSink;
  readonly signer: Signer;
}

const textOf = ({ topic, partition, seq, hash, at }: Omit<Anchor, 'seal'>): string =>
  [topic, partition, seq, hash, at].join('\n');

export const sealed = (end: Omit<Anchor, 'seal'>, signer: Signer): Anchor => ({
  ...end,
  seal: signer.sign(textOf(end)),
});

export const isGenuine = (anchor: Anchor, signer: Signer): boolean =>
  signer.verify(textOf(anchor), anchor.seal);

export interface AnchorParts<Tx> extends Anchoring {
  readonly store: BusStore<Tx>;
  readonly clock: Clock;
  readonly topics: readonly TopicSpec[];
}

/** Anchors the streams of a service: those that moved since the last time. */
export class Anchors<Tx> {
  private readonly last = new Map<string, number>();

  constructor(private readonly parts: AnchorParts<Tx>) {}

  async drop(): Promise<void> {
    const { store, clock, topics, sink, signer } = this.parts;
    const at = clock.now().toISOString();
    const reader = store.reader('relay');
    const streams = (await Promise.all(topics.map(({ name }) => store.journal.streams(reader, name)))).flat();
    const moved = streams.filter(
      ({ topic, partition, lastSeq }) => lastSeq > (this.last.get(`${topic}/${partition}`) ?? 0),
    );
    if (moved.length === 0) return;
    await sink.add(
      moved.map(({ topic, partition, lastSeq: seq, lastHash: hash }) =>
        sealed({ topic, partition, seq, hash, at }, signer),
      ),
    );
    for (const { topic, partition, lastSeq } of moved) this.last.set(`${topic}/${partition}`, lastSeq);
  }
}
