import { describe, expect, it } from '@jest/globals';
import type { StreamHandler } from '../handling.js';
import type { MemoryTransaction } from '../store/memory/memory-tables.js';
import { Stream } from './stream.js';
import { connectionLost, INTAKE, poison, Workbench } from './workbench.js';

const unpack = (value: Buffer): readonly unknown[] => JSON.parse(String(value)) as unknown[];

const benchWith = (fault: (items: readonly unknown[]) => Error | null = () => null) => {
  const bench = new Workbench();
  const calls: number[] = [];
  const handler: StreamHandler<MemoryTransaction> = async (items, handling) => {
    calls.push(items.length);
    for (const { item } of items) bench.effect(handling, item);
    const error = fault(items.map(({ item }) => item));
    if (error) throw error;
  };
  const kind = new Stream<MemoryTransaction>({ handler, unpack, ids: bench.idsPort });
  const pack = (...items: unknown[]) =>
    bench.append({ key: null, value: Buffer.from(JSON.stringify(items)), headers: { source: 'cam' } });
  return { bench, calls, pack, start: () => bench.consumer(INTAKE, kind) };
};

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, n) => from + n);

describe('a stream', () => {
  it('gives all items of a chunk to one call, in order, in one transaction', async () => {
    const { bench, calls, pack, start } = benchWith();
    pack(...range(1, 250));
    pack(...range(251, 400));
    expect(await start().run()).toEqual({ from: 2 });
    expect(calls).toEqual([400]);
    expect(bench.effects).toEqual(range(1, 400));
    expect(bench.tally.transactions).toBe(1);
  });

  it('cuts a batch at 200 records and at 1 MB', async () => {
    const { calls, pack, start } = benchWith();
    for (const n of range(1, 201)) pack(n);
    for (const n of range(1, 3)) pack('x'.repeat(400 * 1024), n);
    pack('x'.repeat(1600 * 1024));
    pack('last');
    const member = start();
    await member.run();
    expect(calls).toEqual([200, 5, 2, 1, 1]);
  });

  it('sets one item at fault aside, alone, and keeps its neighbours in the same record', async () => {
    const { bench, pack, start } = benchWith((items) => (items.includes(7) ? poison() : null));
    pack(...range(1, 10));
    pack(...range(11, 20));
    expect(await start().run()).toEqual({ from: 2 });
    expect(bench.effects).toEqual(range(1, 20).filter((n) => n !== 7));
    const letters = await bench.letters();
    expect(letters).toMatchObject([{ topic: 'test', offset: 0, index: 6, headers: { source: 'cam' } }]);
    expect(letters.map(({ raw, error }) => [String(raw), error])).toEqual([
      ['7', 'Error: invalid input syntax'],
    ]);
  });

  it('finds one item at fault among 250 in about log2 n transactions', async () => {
    const { bench, pack, start } = benchWith((items) => (items.includes(200) ? poison() : null));
    pack(...range(1, 250));
    await start().run();
    expect(bench.effects).toHaveLength(249);
    expect(bench.tally.transactions).toBeLessThanOrEqual(1 + 8 + 3);
  });

  it('goes on inside of a record when it was stopped there', async () => {
    let away = false;
    const { bench, pack, start } = benchWith((items) => {
      if (items.includes(3)) return poison();
      if (bench.effects.length > 1) away = true;
      return away && items.includes(5) ? connectionLost() : null;
    });
    pack(...range(1, 5));
    expect(await start().run()).toEqual({ from: 0, afterMs: 100 });
    expect(bench.effects).toEqual([1, 2]);
    away = false;
    const late = benchWith();
    expect(late.bench.effects).toEqual([]);
    const progress = await bench.store.progress.of(bench.store.reader('http'), 'test', INTAKE.name);
    expect(progress.get(0)).toMatchObject({ offset: 0, index: 3 });
  });

  it('does not suspect an item whose fault was in the company it kept', async () => {
    const { bench, pack, start } = benchWith((items) =>
      items.includes(1) && items.includes(2) ? poison() : null,
    );
    pack(1, 2);
    await start().run();
    expect(bench.effects).toEqual([1, 2]);
    expect(await bench.letters()).toEqual([]);
  });

  it('sets a record aside as it came when it cannot be unpacked, and passes an empty one', async () => {
    const { bench, pack, start } = benchWith();
    bench.append({ key: null, value: Buffer.from('{"not": an array'), headers: {} });
    bench.append({ key: null, value: null, headers: {} });
    pack();
    pack(1);
    expect(await start().run()).toEqual({ from: 4 });
    expect(bench.effects).toEqual([1]);
    const letters = await bench.letters();
    expect(letters.map(({ offset, index, raw }) => [offset, index, raw && String(raw)])).toEqual([
      [0, -1, '{"not": an array'],
      [1, -1, null],
    ]);
  });

  it('is rested as a whole while the database is away, and no item is set aside', async () => {
    let away = true;
    const { bench, pack, start } = benchWith(() => (away ? connectionLost() : null));
    pack(1, 2, 3);
    const member = start();
    for (let turn = 0; turn < 50; turn += 1) {
      if (turn === 0) await member.run();
      else await member.deliver();
    }
    expect(await bench.letters()).toEqual([]);
    away = false;
    await member.deliver();
    expect(bench.effects).toEqual([1, 2, 3]);
  });

  it('gives the rest of a batch back when its time is over', async () => {
    const { bench, pack, start } = benchWith(() => {
      bench.now = new Date(bench.now.getTime() + 1001);
      return null;
    });
    for (const n of range(1, 401)) pack(n);
    const member = start();
    await member.assign();
    expect(await member.deliver()).toEqual({ from: 200 });
    expect(await member.deliver()).toEqual({ from: 400 });
  });
});

describe('two consumers on one partition', () => {
  it('have every effect once; the one that comes late sees that it was outrun', async () => {
    const { bench, pack, start } = benchWith();
    for (const n of range(1, 10)) pack(n);
    const zombie = start();
    const owner = start();
    await zombie.assign();
    await owner.assign();
    await Promise.all([zombie.deliver(4), owner.deliver(6)]);
    await Promise.all([owner.deliver(4), zombie.deliver(6)]);
    expect(bench.effects).toEqual(range(1, 10));
    expect(bench.tally.conflicts).toBeGreaterThan(0);
  });

  it('read again when the row is behind what they were given', async () => {
    const { bench, pack, start } = benchWith();
    for (const n of range(1, 5)) pack(n);
    const member = start();
    await member.assign();
    expect(await member.deliver(2, 3)).toEqual({ from: 0 });
    expect(bench.effects).toEqual([]);
  });
});
