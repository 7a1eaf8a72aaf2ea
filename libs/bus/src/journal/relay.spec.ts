import { describe, expect, it } from '@jest/globals';
import type { TopicSpec } from '@linli/contracts';
import { memoryBusStore } from '../store/memory/memory-bus-store.js';
import { macSigner } from '../wire/signer.js';
import { relayTopic } from './relay.js';
import { anEntry, openTopic, SentLog, stampEverything, tell } from './workbench.js';

const topic: TopicSpec = { name: 'test.facts.v1', partitions: 2, holds: 'facts' };
const signer = macSigner((text) => Buffer.from(`signed ${text.length}`));

const relayWith = async (count: number) => {
  const store = memoryBusStore();
  const log = new SentLog();
  await openTopic(store, topic);
  await tell(store, topic, 1, count);
  await stampEverything(store);
  const round = () => relayTopic({ service: 'test', store, log, signer }, topic);
  const all = async (): Promise<void> => {
    while (await round());
  };
  const ends = async () =>
    (await store.journal.streams(store.reader('http'), topic.name)).map((stream) => [
      stream.lastSeq,
      stream.publishedSeq,
    ]);
  return { store, log, round, all, ends };
};

const range = (to: number): number[] => Array.from({ length: to }, (_, n) => n + 1);

describe('the relay', () => {
  it('publishes what is stamped in order, once, and then rests', async () => {
    const { log, all, ends, round } = await relayWith(1000);
    await all();
    const [first = [], second = []] = await ends();
    expect([log.seqs.get(0), log.seqs.get(1)]).toEqual([range(first[0] ?? 0), range(second[0] ?? 0)]);
    expect(log.sent).toHaveLength(1000);
    expect(await round()).toBe(false);
  });

  it('sends the same numbers again when it died before it marked them, and no others', async () => {
    const { log, all, ends } = await relayWith(300);
    log.fault = 'after';
    await expect(all()).rejects.toThrow('no answer');
    const sentFirst = log.sent.length;
    log.fault = 'none';
    await all();
    expect(log.sent.slice(sentFirst, 2 * sentFirst)).toEqual(log.sent.slice(0, sentFirst));
    for (const [partition, [lastSeq]] of (await ends()).entries()) {
      expect(new Set(log.seqs.get(partition))).toEqual(new Set(range(lastSeq ?? 0)));
    }
  });

  it('skips nothing while the log is away', async () => {
    const { log, all, ends } = await relayWith(10);
    log.fault = 'before';
    for (let turn = 0; turn < 5; turn += 1) await expect(all()).rejects.toThrow('the log is away');
    expect((await ends()).map(([, published]) => published)).toEqual([0, 0]);
    log.fault = 'none';
    await all();
    expect(log.sent).toHaveLength(10);
  });

  it('may run many times at once: a number is only ever sent for the same fact', async () => {
    const { log, all } = await relayWith(500);
    await Promise.all([all(), all(), all()]);
    const values = new Map<string, string>();
    for (const { partition, headers, value } of log.sent) {
      const place = `${partition} ${headers['ce_sequence']}`;
      expect(values.get(place) ?? String(value)).toBe(String(value));
      values.set(place, String(value));
    }
    expect(values.size).toBe(500);
  });

  it('does not put more than about a megabyte into one request', async () => {
    const { store, log, all } = await relayWith(0);
    const payload = JSON.stringify('x'.repeat(400_000));
    await store.transaction('consumer', (tx) =>
      store.journal.append(
        tx,
        range(7).map((n) => anEntry(topic, n, { payload })),
      ),
    );
    await stampEverything(store);
    await all();
    expect(log.sent).toHaveLength(7);
    expect(Math.max(...log.sizes)).toBe(2);
  });
});
