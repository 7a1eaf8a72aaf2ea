import { describe, expect, it } from '@jest/globals';
import type { Timers } from '@linli/kernel';
import type { MemoryTransaction } from '../store/memory/memory-tables.js';
import { Attempts } from './attempt.js';
import { GroupCommit } from './group-commit.js';
import { itemsOf } from './item.js';
import type { Kind } from './kind.js';
import type { Share } from './share.js';
import { connectionLost, noon, poison, Workbench } from './workbench.js';

const TOPIC = { name: 'test.many.v1', partitions: 4, holds: 'intake' } as const;
type Handle = (what: string, tx: MemoryTransaction) => Promise<void>;

/** Timers that the spec lets go off. */
class HandTimers implements Timers {
  private readonly set = new Set<() => void>();
  readonly soon = (work: () => void): void => void setImmediate(work);

  after(_ms: number, work: () => void): () => void {
    this.set.add(work);
    return () => void this.set.delete(work);
  }

  goOff(): void {
    for (const work of this.set) work();
  }
}

const benchOf = (handle: Handle, slice = { records: 100, bytes: 1000 }) => {
  const bench = new Workbench();
  const done: string[][] = [];
  const kind: Kind<MemoryTransaction, string> = {
    slice,
    decode: (record) => itemsOf(record, [{ value: String(record.value) }]),
    apply: async (chunk, ready) => {
      for (const { value } of ready) await handle(value, chunk.tx);
      done.push(ready.map(({ value }) => value));
    },
    setAside: async () => undefined,
  };
  const timers = new HandTimers();
  const parts = { ...bench.parts(TOPIC, kind), timers };
  const attempts = new Attempts(parts);
  const shareOf = (partition: number, ...texts: string[]): Share<string> => ({
    stand: {
      place: { group: parts.group, topic: TOPIC.name, partition },
      ...{ owner: parts.owner, crashCount: 0, tolerated: null },
    },
    items: texts.flatMap((text, offset) => {
      const value = Buffer.from(text);
      const record = {
        topic: TOPIC.name,
        partition,
        offset,
        key: null,
        value,
        headers: {},
        appendedAt: noon,
      };
      return itemsOf<string>(record, [{ value: text }]);
    }),
  });
  /** Their rows are there: they were taken over before. */
  const known = async (...partitions: number[]): Promise<void> => {
    for (const partition of partitions)
      await bench.store.transaction('consumer', (tx) =>
        bench.store.progress.lock(tx, shareOf(partition).stand.place),
      );
  };
  return { bench, done, timers, known, shareOf, together: new GroupCommit(parts, attempts) };
};

const handled = async (): Promise<void> => undefined;

describe('a group commit', () => {
  it('is one transaction for all partitions that wait, each in its order and with its own progress', async () => {
    const { bench, done, known, shareOf, together } = benchOf(handled);
    await known(0, 1, 2);
    const attempted = await Promise.all(
      [shareOf(0, 'a', 'b'), shareOf(1, 'c'), shareOf(2, 'd', 'e', 'f')].map((share) =>
        together.commit(share),
      ),
    );
    expect(attempted.map(({ done: n, progress }) => [n, progress.offset])).toEqual([
      [2, 2],
      [1, 1],
      [3, 3],
    ]);
    expect(done).toEqual([['a', 'b', 'c', 'd', 'e', 'f']]);
    expect(bench.tally.transactions).toBe(1);
    const rows = await bench.store.progress.of(bench.store.reader('http'), 'test', TOPIC.name);
    expect([0, 1, 2].map((partition) => rows.get(partition)?.offset)).toEqual([2, 1, 3]);
  });

  it('takes no more than one transaction may, in the order in which they came', async () => {
    const { done, known, shareOf, together } = benchOf(handled, { records: 3, bytes: 1000 });
    await known(0, 1, 2, 3);
    const shares = [shareOf(2, 'a', 'b'), shareOf(0, 'c'), shareOf(1, 'd', 'e'), shareOf(3, 'f')];
    await Promise.all(shares.map((share) => together.commit(share)));
    expect(done).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
    ]);
  });

  it('leaves the fault with the partition that has it', async () => {
    const { bench, done, known, shareOf, together } = benchOf(async (what) => {
      if (what === 'bad') throw poison();
    });
    await known(0, 1, 2);
    const all = [shareOf(0, 'a'), shareOf(1, 'bad'), shareOf(2, 'b')].map((share) => together.commit(share));
    const settled = await Promise.allSettled(all);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(done).toEqual([['a'], ['b']]);
    expect(bench.tally.transactions).toBe(4);
  });

  it('is entered again by a partition that was quick by itself', async () => {
    let fails = true;
    const { bench, done, known, shareOf, together } = benchOf(async () => {
      if (fails) throw connectionLost();
    });
    await known(0, 1);
    const both = () =>
      Promise.allSettled([shareOf(0, 'a'), shareOf(1, 'b')].map((share) => together.commit(share)));
    await both();
    fails = false;
    const alone = bench.tally.transactions;
    await both();
    expect(bench.tally.transactions - alone).toBe(2);
    const next = [0, 1].map((partition) => {
      const { stand, items } = shareOf(partition, 'x', 'c');
      return together.commit({ stand, items: items.slice(1) });
    });
    await Promise.all(next);
    expect(done).toEqual([['a'], ['b'], ['c', 'c']]);
  });

  it('ends after a second for want of one of them: the others go on, and it holds up nobody any more', async () => {
    let release = (): void => undefined;
    const stuck = new Promise<void>((resolve) => (release = resolve));
    const { done, timers, known, shareOf, together } = benchOf(async (what) => {
      if (what === 'slow') await stuck;
    });
    await known(0, 1);
    const [quick, slow] = [together.commit(shareOf(0, 'a')), together.commit(shareOf(1, 'slow'))];
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    timers.goOff();
    await quick;
    expect(done).toEqual([['a']]);
    release();
    expect((await slow).done).toBe(1);
    expect(done.filter((texts) => texts.includes('slow'))).not.toEqual([]);
  });

  it('leaves out a partition at which somebody else is, and waits for it apart', async () => {
    const { bench, done, known, shareOf, together } = benchOf(handled);
    await known(0, 1);
    const { store } = bench;
    const held = store.progress.lockFree.bind(store.progress);
    store.progress.lockFree = async (tx, group, topic, partitions) =>
      held(
        tx,
        group,
        topic,
        partitions.filter((partition) => partition !== 1),
      );
    await Promise.all([shareOf(0, 'a'), shareOf(1, 'b')].map((share) => together.commit(share)));
    expect(done).toEqual([['a'], ['b']]);
    expect(bench.tally.transactions).toBe(2);
  });
});
