import { describe, expect, it } from '@jest/globals';
import type { Command } from '@linli/contracts';
import type { BeforeCommands } from '../handling.js';
import type { MemoryTransaction } from '../store/memory/memory-tables.js';
import { Commands } from './commands.js';
import { releaseKey, replayCommand } from './release.js';
import { aCommand, COMMANDS, poison, signer, uuid, Workbench } from './workbench.js';

const numberOf = (command: Command): number => (command.data as { n: number }).n;

/** A service that notes at the end of a transaction what its commands were. */
const benchWith = (failsAt: () => number = () => 0) => {
  const bench = new Workbench();
  const asked: number[][] = [];
  const before: BeforeCommands<MemoryTransaction> = async (commands, { beforeCommit }) => {
    asked.push(commands.map(numberOf));
    beforeCommit(async () => {
      if (commands.some((command) => numberOf(command) === failsAt())) throw poison();
    });
  };
  const handlers = new Map([
    [
      'test.do',
      {
        version: 1,
        handle: async (command: Command, handling: Parameters<Workbench['effect']>[0]) => {
          handling.beforeCommit(async () => bench.effect(handling, numberOf(command)));
          return { resource: null, version: 1 };
        },
      },
    ],
  ]);
  const kind = new Commands<MemoryTransaction>({ handlers, before, signer, tally: bench.tally });
  const parts = { ...bench.parts(COMMANDS, kind), replay: replayCommand(kind) };
  return {
    ...{ bench, asked, run: () => bench.consumer(COMMANDS, kind).run() },
    release: (key: string) => releaseKey(parts, key),
  };
};

describe('the commands of one transaction', () => {
  it('are announced together, those only that will be handled, before the first of them', async () => {
    const { bench, asked, run } = benchWith();
    for (const n of [1, 2, 1, 3]) bench.appendCommand(aCommand(n));
    bench.appendCommand(aCommand(4, { type: 'test.unheard-of' }));
    await run();
    expect(asked).toEqual([[1, 2, 3]]);
  });

  it('may write at the end of it, in the order asked for, and that is part of it', async () => {
    const { bench, run } = benchWith();
    for (const n of [1, 2, 3]) bench.appendCommand(aCommand(n));
    await run();
    expect(bench.effects).toEqual([1, 2, 3]);
    expect(bench.tally.transactions).toBe(1);
  });

  it('whose writing fails for good is found like one whose handling does', async () => {
    const { bench, run } = benchWith(() => 2);
    for (const n of [1, 2, 3]) bench.appendCommand(aCommand(n, { aggregateId: uuid(900 + n) }));
    await run();
    expect(bench.effects).toEqual([1, 3]);
    expect(await bench.outcomes(1, 2, 3)).toEqual(['done', 'parked', 'done']);
  });

  it('are announced and written also when they are replayed from behind a parked key', async () => {
    let ill = true;
    const { bench, asked, run, release } = benchWith(() => (ill ? 2 : 0));
    for (const n of [1, 2]) bench.appendCommand(aCommand(n));
    await run();
    expect(await bench.outcomes(1, 2)).toEqual(['done', 'parked']);
    ill = false;
    asked.length = 0;
    expect(await release(uuid(900))).toEqual({ replayed: 1, fault: null });
    expect(asked).toEqual([[2]]);
    expect(bench.effects).toEqual([1, 2]);
  });
});
