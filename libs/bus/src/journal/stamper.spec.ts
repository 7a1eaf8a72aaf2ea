import { describe, expect, it } from '@jest/globals';
import type { TopicSpec } from '@linli/contracts';
import { memoryBusStore } from '../store/memory/memory-bus-store.js';
import { verifyChain } from './chain.js';
import { stampAll, stampTopic } from './stamper.js';
import { uuid } from '../consume/workbench.js';
import { anEntry, openTopic, stampEverything, tell } from './workbench.js';

const topic: TopicSpec = { name: 'test.facts.v1', partitions: 3, holds: 'facts' };

describe('stamping', () => {
  it('numbers each partition from 1 without a hole, in the order told within a key', async () => {
    const store = memoryBusStore();
    await openTopic(store, topic);
    await tell(store, topic, 1, 40);
    await stampEverything(store);
    await tell(store, topic, 41, 90);
    await stampEverything(store);
    const rows = await store.journal.after(store.reader('http'), topic.name, [0, 0, 0], 1000);
    expect(rows).toHaveLength(90);
    for (const partition of [0, 1, 2]) {
      const seqs = rows.filter((row) => row.partition === partition).map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    }
    for (const key of [0, 1, 2, 3, 4]) {
      const versions = rows
        .filter((row) => row.aggregateId === uuid(900 + key))
        .map((row) => row.aggregateVersion);
      expect(versions).toEqual(versions.toSorted((a, b) => a - b));
      expect(versions).toHaveLength(18);
    }
  });

  it('keeps an aggregate in one partition: the one of its hash and the frozen count', async () => {
    const store = memoryBusStore();
    await openTopic(store, topic);
    await store.transaction('consumer', (tx) =>
      store.journal.append(tx, [
        anEntry(topic, 1, { aggregateId: '5b2c7f6e-7c1e-5d52-9a3d-0d8a0c6f8a11' }),
        anEntry(topic, 2, { aggregateId: 'a' }),
        anEntry(topic, 3, { aggregateId: 'b' }),
      ]),
    );
    await openTopic(store, { ...topic, partitions: 12 });
    await stampEverything(store);
    const rows = await store.journal.after(store.reader('http'), topic.name, [0, 0, 0], 10);
    const partitions = new Map(rows.map((row) => [row.aggregateId, row.partition]));
    // FNV-1a of 'a' is 0xe40c292c = 3826002220, of 'b' 0xe70c2de5 = 3876335077.
    expect(partitions.get('a')).toBe(3826002220 % 3);
    expect(partitions.get('b')).toBe(3876335077 % 3);
  });

  it('takes 1000 entries of a topic at most in one transaction, and every topic each round', async () => {
    const other: TopicSpec = { name: 'test.other.v1', partitions: 1, holds: 'facts' };
    const store = memoryBusStore();
    await openTopic(store, topic);
    await openTopic(store, other);
    await tell(store, topic, 1, 1500);
    await tell(store, other, 1, 1);
    expect(await stampAll(store)).toBe(true);
    expect((await store.counts(store.reader('http'))).unstamped).toBe(500);
    expect(await stampAll(store)).toBe(false);
    expect((await store.counts(store.reader('http'))).unstamped).toBe(0);
    expect(await stampTopic(store, topic.name)).toEqual({ rows: [], more: false });
  });

  it('leaves a chain that verifies', async () => {
    const store = memoryBusStore();
    await openTopic(store, topic);
    await tell(store, topic, 1, 2500);
    await stampEverything(store);
    const reports = await Promise.all(
      [0, 1, 2].map((partition) => verifyChain(store, topic.name, partition)),
    );
    expect(reports.map(({ fault }) => fault)).toEqual([null, null, null]);
    expect(reports.reduce((sum, { rows }) => sum + rows, 0)).toBe(2500);
  });
});
