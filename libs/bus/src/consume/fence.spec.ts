import { describe, expect, it } from '@jest/globals';
import { aCommand, COMMANDS, Workbench } from './workbench.js';

const benchOf = (count: number) => {
  const bench = new Workbench();
  for (let n = 1; n <= count; n += 1) bench.appendCommand(aCommand(n));
  const kind = bench.commands({
    version: 1,
    handle: async (command, handling) => {
      bench.effect(handling, (command.data as { n: number }).n);
      return { resource: null, version: 1 };
    },
  });
  return { bench, start: () => bench.consumer(COMMANDS, kind) };
};

describe('the fence of a chunk', () => {
  it('is the first that its transaction asks for: who comes second waits there, and does no work', async () => {
    const { bench, start } = benchOf(2);
    const asked: string[] = [];
    const { store } = bench;
    bench.store = {
      ...store,
      progress: {
        ...store.progress,
        lock: (tx, place) => (asked.push('lock'), store.progress.lock(tx, place)),
        advance: (tx, steps) => (asked.push('advance'), store.progress.advance(tx, steps)),
      },
      outcomes: {
        ...store.outcomes,
        find: (tx, ids) => (asked.push('find'), store.outcomes.find(tx, ids)),
        put: (tx, rows) => (asked.push('put'), store.outcomes.put(tx, rows)),
      },
    };
    await start().run();
    const takenOver = ['lock', 'advance'];
    expect(asked).toEqual([...takenOver, 'lock', 'find', 'put', 'advance']);
  });

  it('rolls all of it back when somebody moved the progress all the same', async () => {
    const { bench, start } = benchOf(2);
    const { store } = bench;
    let chunks = 0;
    bench.store = {
      ...store,
      progress: {
        ...store.progress,
        advance: async (tx, steps) => {
          if (steps.some(({ from, to }) => to.offset > from.offset) && (chunks += 1) === 1) return false;
          return store.progress.advance(tx, steps);
        },
      },
    };
    const member = start();
    expect(await member.run()).toMatchObject({ from: 0, afterMs: 100 });
    expect(bench.effects).toEqual([]);
    expect(await bench.outcomes(1, 2)).toEqual([undefined, undefined]);
    expect(await member.deliver()).toEqual({ from: 2 });
    expect(bench.effects).toEqual([1, 2]);
  });
});
