import { describe, expect, it } from '@jest/globals';
import type { TopicSpec } from '@linli/contracts';
import type { Cursor, JournalEntry } from './journal-entry.js';
import { memoryBusStore } from '../store/memory/memory-bus-store.js';
import { endOf, Tail } from './tail.js';
import { stampTopic } from './stamper.js';
import { openTopic, stampEverything, tell } from './workbench.js';

const topic: TopicSpec = { name: 'test.facts.v1', partitions: 2, holds: 'facts' };

class Heard {
  readonly entries: JournalEntry[] = [];
  cursor: Cursor = [];
  private wake: () => void = () => undefined;

  readonly on = (entries: readonly JournalEntry[], cursor: Cursor): void => {
    this.entries.push(...entries);
    this.cursor = cursor;
    this.wake();
  };

  async atLeast(count: number): Promise<number[]> {
    while (this.entries.length < count) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.entries.map(({ data }) => (data as { n: number }).n).toSorted((a, b) => a - b);
  }
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, n) => from + n);

const tailWith = async (everyMs = 60_000) => {
  const known = memoryBusStore();
  const store = { ...known, journal: { ...known.journal } };
  const errors: unknown[] = [];
  await openTopic(store, topic);
  const tail = new Tail(store, topic, {
    everyMs,
    longestRestMs: 60_000,
    onError: (error) => errors.push(error),
  });
  const stampedElsewhere = async (from: number, to: number): Promise<void> => {
    await tell(store, topic, from, to);
    await stampEverything(store);
  };
  const add = async (from: number, to: number): Promise<void> => {
    await tell(store, topic, from, to);
    tail.stamped((await stampTopic(store, topic.name)).rows);
  };
  return { store, tail, add, stampedElsewhere, errors };
};

describe('the tail of the journal', () => {
  it('gives each listener all that came after its cursor, in pages, then what is new', async () => {
    const { store, tail, add } = await tailWith();
    await add(1, 5);
    const end = await endOf(store, topic);
    await add(6, 900);
    const early = new Heard();
    const late = new Heard();
    tail.listen([0, 0], early.on);
    tail.listen(end, late.on);
    expect(await early.atLeast(900)).toEqual(range(1, 900));
    expect(await late.atLeast(895)).toEqual(range(6, 900));
    await add(901, 902);
    expect(await early.atLeast(902)).toEqual(range(1, 902));
    expect(await late.atLeast(897)).toEqual(range(6, 902));
    expect(early.cursor).toEqual(await endOf(store, topic));
    await tail.close();
  });

  it('keeps the order of every partition', async () => {
    const { tail, add } = await tailWith();
    const heard = new Heard();
    tail.listen([], heard.on);
    for (let n = 1; n <= 100; n += 10) await add(n, n + 9);
    await heard.atLeast(100);
    for (const partition of [0, 1]) {
      const seqs = heard.entries.filter((entry) => entry.partition === partition).map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    }
    await tail.close();
  });

  it('polls when nobody wakes it', async () => {
    const { tail, stampedElsewhere } = await tailWith(5);
    const heard = new Heard();
    tail.listen([], heard.on);
    await stampedElsewhere(1, 3);
    expect(await heard.atLeast(3)).toEqual([1, 2, 3]);
    await tail.close();
  });

  it('hands on what was just stamped without reading it', async () => {
    const { store, tail, add } = await tailWith();
    const heard = new Heard();
    tail.listen(await endOf(store, topic), heard.on);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    store.journal.after = () => Promise.reject(new Error('nothing is to be read'));
    await add(1, 10);
    expect(heard.entries.map(({ data }) => (data as { n: number }).n)).toEqual(range(1, 10));
    await tail.close();
  });

  it('reads what is missing before what was just stamped, and hands on nothing twice', async () => {
    const { store, tail, add, stampedElsewhere } = await tailWith();
    const heard = new Heard();
    tail.listen(await endOf(store, topic), heard.on);
    await stampedElsewhere(1, 10);
    await add(11, 20);
    await add(21, 30);
    expect(await heard.atLeast(30)).toEqual(range(1, 30));
    for (const partition of [0, 1]) {
      const seqs = heard.entries.filter((entry) => entry.partition === partition).map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    }
    await tail.close();
  });

  it('hands on nothing twice that was stamped while the same was read', async () => {
    const { store, tail } = await tailWith();
    const heard = new Heard();
    let readOn = (): void => undefined;
    const held = new Promise<void>((resolve) => (readOn = resolve));
    const after = store.journal.after.bind(store.journal);
    const asked = new Promise<void>((resolve) => {
      store.journal.after = async (...given) => {
        resolve();
        return held.then(() => after(...given));
      };
    });
    await tell(store, topic, 1, 10);
    const { rows } = await stampTopic(store, topic.name);
    tail.listen([], heard.on);
    await asked;
    tail.stamped(rows);
    expect(await heard.atLeast(10)).toEqual(range(1, 10));
    readOn();
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(heard.entries).toHaveLength(10);
    await tail.close();
  });

  it('goes on for the others when a listener throws or leaves', async () => {
    const { tail, add, errors } = await tailWith();
    const heard = new Heard();
    const left = new Heard();
    const leave = tail.listen([], left.on);
    tail.listen([], () => {
      throw new Error('a client that is gone');
    });
    tail.listen([], heard.on);
    leave();
    await add(1, 3);
    expect(await heard.atLeast(3)).toEqual([1, 2, 3]);
    expect(left.entries).toEqual([]);
    expect(errors.map(String)).toContain('Error: a client that is gone');
    await tail.close();
  });
});
