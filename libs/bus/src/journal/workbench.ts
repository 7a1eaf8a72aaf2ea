import type { TopicSpec } from '@linli/contracts';
import { uuid } from '../consume/workbench.js';
import type { Log, NewRecord } from '../log/log.js';
import type { BusStore } from '../store/bus-store.js';
import type { Entry } from '../store/journal-store.js';
import { stampAll } from './stamper.js';

export const anEntry = (topic: TopicSpec, n: number, changes: Partial<Entry> = {}): Entry => ({
  topic: topic.name,
  kind: 'fact',
  eventId: uuid(n),
  type: 'linli.test.done.v1',
  tenant: 'yuhang',
  aggregateId: uuid(900 + (n % 5)),
  aggregateVersion: n,
  actor: 'key-1',
  commandId: null,
  correlationId: 'c',
  causationId: null,
  hops: 0,
  at: new Date('2026-11-23T12:00:00Z'),
  payload: `{"n":${n}}`,
  ...changes,
});

export const tell = <Tx>(store: BusStore<Tx>, topic: TopicSpec, from: number, to: number): Promise<void> =>
  store.transaction('consumer', (tx) =>
    store.journal.append(
      tx,
      Array.from({ length: to - from + 1 }, (_, n) => anEntry(topic, from + n)),
    ),
  );

export const openTopic = <Tx>(store: BusStore<Tx>, topic: TopicSpec): Promise<unknown> =>
  store.transaction('relay', (tx) => store.journal.open(tx, topic));

export const stampEverything = async <Tx>(store: BusStore<Tx>): Promise<void> => {
  while (await stampAll(store));
};

/** A log that notes what it was sent; `fault` may refuse it before or after. */
export class SentLog implements Pick<Log, 'publish'> {
  readonly sent: NewRecord[] = [];
  readonly sizes: number[] = [];
  fault: 'none' | 'before' | 'after' = 'none';

  async publish(_topic: TopicSpec, records: readonly NewRecord[]): Promise<void> {
    if (this.fault === 'before') throw new Error('the log is away');
    this.sent.push(...records);
    this.sizes.push(records.length);
    if (this.fault === 'after') throw new Error('no answer');
  }

  /** Per partition the sequence numbers in the order sent. */
  get seqs(): Map<number, number[]> {
    const seqs = new Map<number, number[]>();
    for (const { partition, headers } of this.sent) {
      seqs.set(partition, [...(seqs.get(partition) ?? []), Number(headers['ce_sequence'])]);
    }
    return seqs;
  }
}
