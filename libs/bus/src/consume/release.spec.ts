import { describe, expect, it } from '@jest/globals';
import { releaseKey, replayCommand } from './release.js';
import { aCommand, COMMANDS, connectionLost, FACTS, aFact, poison, uuid, Workbench } from './workbench.js';

const benchOf = (fault: (n: number) => Error | null) => {
  const bench = new Workbench();
  const kind = bench.commands({
    version: 1,
    handle: async ({ data }, handling) => {
      const { n } = data as { n: number };
      const error = fault(n);
      if (error) throw error;
      bench.effect(handling, n);
      handling.tell(aFact({ data: { n } }));
      return { resource: { n }, version: n };
    },
  });
  const parts = { ...bench.parts(COMMANDS, kind), replay: replayCommand(kind) };
  return {
    bench,
    start: () => bench.consumer(COMMANDS, kind),
    parts,
    release: () => releaseKey(parts, uuid(900)),
    parked: () => bench.store.parking.keys(bench.store.reader('http'), uuid(900)),
  };
};

describe('a parked key', () => {
  it('is replayed in order with the original ids, and open again', async () => {
    let mended = false;
    const { bench, start, release, parked } = benchOf((n) => (n === 1 && !mended ? poison() : null));
    for (const n of [1, 2, 3]) bench.appendCommand(aCommand(n));
    const member = start();
    await member.run();
    expect(await bench.outcomes(1, 2, 3)).toEqual(['parked', 'parked', 'parked']);
    mended = true;
    expect(await release()).toEqual({ replayed: 3, fault: null });
    expect(bench.effects).toEqual([1, 2, 3]);
    expect(await bench.outcomes(1, 2, 3)).toEqual(['done', 'done', 'done']);
    expect(await parked()).toEqual([]);
    bench.appendCommand(aCommand(4));
    await member.deliver();
    expect(bench.effects).toEqual([1, 2, 3, 4]);
    const told = await bench.store.transaction('relay', (tx) => bench.store.journal.take(tx, FACTS.name, 10));
    expect(told.map(({ commandId }) => commandId)).toEqual([uuid(1), uuid(2), uuid(3), uuid(4)]);
  });

  it('that holds nothing is opened under the fence only: somebody may just be parking it anew', async () => {
    const { bench, parts } = benchOf(() => null);
    const { store } = bench;
    const asked: string[] = [];
    const watched = {
      ...store,
      progress: {
        ...store.progress,
        lock: (tx, place) => (asked.push(`lock ${place.partition}`), store.progress.lock(tx, place)),
      },
      parking: {
        ...store.parking,
        unpark: (tx, group, key) => (asked.push('unpark'), store.parking.unpark(tx, group, key)),
      },
    } satisfies typeof store;
    expect(await releaseKey({ ...parts, store: watched }, uuid(900))).toEqual({ replayed: 0, fault: null });
    expect(asked).toEqual(['lock 0', 'unpark']);
  });

  it('is not parked again when another release has replayed what failed here', async () => {
    const { bench, start, release, parts, parked } = benchOf((n) => (n === 1 && fails ? poison() : null));
    let fails = true;
    bench.appendCommand(aCommand(1));
    await start().run();
    const replay: typeof parts.replay = async () => {
      throw poison();
    };
    const { store } = bench;
    let failed = false;
    const overtaken = {
      ...store,
      transaction: async <T>(pool: Parameters<typeof store.transaction>[0], work: never): Promise<T> => {
        if (failed) {
          fails = false;
          await release();
        }
        failed = true;
        return store.transaction<T>(pool, work);
      },
    };
    expect(await releaseKey({ ...parts, replay, store: overtaken }, uuid(900))).toEqual({
      replayed: 0,
      fault: null,
    });
    expect(bench.effects).toEqual([1]);
    expect(await parked()).toEqual([]);
  });

  it('is not held up for ever by a command that nobody handles', async () => {
    let mended = false;
    const { bench, start, release } = benchOf((n) => (n === 1 && !mended ? poison() : null));
    bench.appendCommand(aCommand(1));
    const member = start();
    await member.run();
    bench.appendCommand(aCommand(2, { type: 'test.unheard-of' }));
    bench.appendCommand(aCommand(3));
    await member.deliver();
    mended = true;
    expect(await release()).toEqual({ replayed: 2, fault: null });
    expect(bench.effects).toEqual([1, 3]);
    expect(await bench.outcomes(1, 2, 3)).toEqual(['done', 'parked', 'done']);
    expect(await bench.letters()).toMatchObject([
      { offset: 1, error: 'no handler for command test.unheard-of' },
    ]);
  });

  it('stays parked from the first message that fails again', async () => {
    const { bench, start, release, parked } = benchOf((n) =>
      n === 2 || (n === 1 && bench.now < later) ? poison() : null,
    );
    const later = new Date(bench.now.getTime() + 1000);
    for (const n of [1, 2, 3]) bench.appendCommand(aCommand(n));
    const member = start();
    await member.run();
    bench.now = later;
    expect(await release()).toEqual({ replayed: 1, fault: 'Error: invalid input syntax' });
    bench.appendCommand(aCommand(4));
    await member.deliver();
    expect(bench.effects).toEqual([1]);
    expect(await bench.outcomes(1, 2, 3, 4)).toEqual(['done', 'parked', 'parked', 'parked']);
    expect(await parked()).toMatchObject([{ attempts: 2 }]);
  });

  it('keeps its order when commands arrive while it is replayed', async () => {
    let mended = false;
    const { bench, start, release } = benchOf((n) => (n === 1 && !mended ? poison() : null));
    for (const n of [1, 2, 3]) bench.appendCommand(aCommand(n));
    const member = start();
    await member.run();
    mended = true;
    for (const n of [4, 5, 6]) bench.appendCommand(aCommand(n));
    await Promise.all([
      release(),
      member
        .deliver(1)
        .then(() => member.deliver(1))
        .then(() => member.deliver(1)),
    ]);
    await release();
    expect(bench.effects).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('is left as it is when the database goes away during a release', async () => {
    let mode: 'poison' | 'away' | 'mended' = 'poison';
    const { bench, start, release, parked } = benchOf(() =>
      mode === 'mended' ? null : mode === 'away' ? connectionLost() : poison(),
    );
    for (const n of [1, 2]) bench.appendCommand(aCommand(n));
    await start().run();
    mode = 'away';
    await expect(release()).rejects.toThrow('terminating connection');
    expect(await parked()).toMatchObject([{ attempts: 1 }]);
    mode = 'mended';
    expect(await release()).toEqual({ replayed: 2, fault: null });
    expect(bench.effects).toEqual([1, 2]);
  });

  it('that is not parked has nothing to replay', async () => {
    const { release } = benchOf(() => null);
    expect(await release()).toEqual({ replayed: 0, fault: null });
  });
});
