import { describe, expect, it } from '@jest/globals';
import { oneAtATime } from './one-at-a-time.js';
import { TopicConsumer } from './topic-consumer.js';
import { aCommand, COMMANDS, connectionLost, uuid, Workbench } from './workbench.js';

class Killed extends Error {}

/** Each start is a new process; a handler that throws `Killed` ends it before anything of the chunk is committed. */
const benchOf = (count: number, kills: (n: number) => boolean) => {
  const bench = new Workbench();
  for (let n = 1; n <= count; n += 1) bench.appendCommand(aCommand(n, { aggregateId: uuid(1000 + n) }));
  const memory = bench.store;
  let dead = false;
  let sizes: number[] = [];
  bench.store = {
    ...memory,
    transaction: (pool, work) => {
      if (dead) throw new Killed();
      return memory.transaction(pool, work);
    },
  };
  const kind = bench.commands({
    version: 1,
    handle: async ({ data }, handling) => {
      const { n } = data as { n: number };
      sizes.push(n);
      if (kills(n)) {
        dead = true;
        throw connectionLost();
      }
      bench.effect(handling, n);
      return { resource: null, version: 1 };
    },
  });
  /** True when the process lived to the end of the log. */
  const live = async (): Promise<boolean> => {
    [dead, sizes] = [false, []];
    const member = bench.consumer(COMMANDS, kind);
    await member.run();
    return !dead;
  };
  const progress = async () =>
    (await memory.progress.of(memory.reader('http'), 'test', COMMANDS.name)).get(0);
  return { bench, live, progress, handled: () => sizes, start: () => bench.consumer(COMMANDS, kind) };
};

describe('a message that kills the process', () => {
  it('is found and set aside after at most five deaths, with its neighbours done', async () => {
    for (const killer of [1, 4, 10]) {
      const { bench, live } = benchOf(10, (n) => n === killer);
      let deaths = 0;
      while (deaths < 20 && !(await live())) deaths += 1;
      expect(deaths).toBe(5);
      expect(bench.effects).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].filter((n) => n !== killer));
      expect(await bench.outcomes(killer)).toEqual(['parked']);
    }
  });

  it('makes the processes after it take messages one by one from the third death on', async () => {
    const { bench, live } = benchOf(10, (n) => n === 4);
    for (const deaths of [1, 2, 3]) {
      await live();
      expect([deaths, bench.effects]).toEqual([deaths, []]);
    }
    await live();
    expect(bench.effects).toEqual([1, 2, 3]);
  });

  it('that kills while it is being read is set aside unread one death later', async () => {
    const { bench, live } = benchOf(2, () => false);
    await bench.store.transaction('consumer', async (tx) => {
      const place = { group: 'test', topic: COMMANDS.name, partition: 0 };
      const row = await bench.store.progress.lock(tx, place);
      const to = { ...row, owner: 'one that died', crashCount: 5 };
      await bench.store.progress.advance(tx, [{ place, from: row, to }]);
    });
    await live();
    expect(await bench.letters()).toMatchObject([
      { offset: 0, error: 'reading it ended the process 6 times' },
    ]);
    expect(bench.effects).toEqual([2]);
  });

  it('is not suspected where processes die for other reasons and work gets done between', async () => {
    const { bench, live, progress } = benchOf(0, () => false);
    for (let n = 1; n <= 20; n += 1) {
      bench.appendCommand(aCommand(n));
      expect(await live()).toBe(true);
    }
    expect(bench.tally.setAside).toBe(0);
    expect(await progress()).toMatchObject({ offset: 20, crashCount: 0 });
  });

  it('is not suspected where processes die idle', async () => {
    const { bench, live, progress } = benchOf(1, () => false);
    for (let death = 0; death < 20; death += 1) await live();
    bench.appendCommand(aCommand(2));
    await live();
    expect(bench.effects).toEqual([1, 2]);
    expect(await progress()).toMatchObject({ crashCount: 0 });
  });

  it('is not suspected when owners change without end while the database is away in their handlers', async () => {
    let away = true;
    const bench = new Workbench();
    bench.appendCommand(aCommand(1));
    const kind = bench.commands({
      version: 1,
      handle: async () => {
        if (away) throw connectionLost();
        return { resource: null, version: 1 };
      },
    });
    for (let change = 0; change < 20; change += 1) await bench.consumer(COMMANDS, kind).run();
    away = false;
    await bench.consumer(COMMANDS, kind).run();
    expect(await bench.outcomes(1)).toEqual(['done']);
  });

  it('is not suspected after owners that left in good order', async () => {
    const { bench, progress, start } = benchOf(1, () => false);
    for (let n = 2; n < 10; n += 1) {
      const member = start();
      await member.run();
      await member.consumer.drain();
      expect(await progress()).toMatchObject({ owner: null, crashCount: 0 });
      bench.appendCommand(aCommand(n));
    }
  });
});

describe('of several partitions', () => {
  const TWO = { ...COMMANDS, partitions: 2 };

  /** A killer at the head of partition 0, healthy commands in partition 1; a life is a new process. */
  const benchOfTwo = () => {
    const bench = new Workbench();
    for (let n = 1; n <= 6; n += 1) bench.appendCommand(aCommand(n, { aggregateId: uuid(1000 + n) }));
    const records = bench.records.map((record, n) => ({
      ...record,
      partition: n % 2,
      offset: Math.floor(n / 2),
    }));
    const of = (partition: number) => records.filter((record) => record.partition === partition);
    const marks = [0, 1].map((partition) => ({ partition, low: 0, high: 3 }));
    const memory = bench.store;
    let dead = false;
    bench.store = {
      ...memory,
      transaction: (pool, work) => (dead ? Promise.reject(new Killed()) : memory.transaction(pool, work)),
    };
    const kind = bench.commands({
      version: 1,
      handle: async ({ data }, handling) => {
        const { n } = data as { n: number };
        if (n === 1) dead = true;
        if (dead) throw connectionLost();
        bench.effect(handling, n);
        return { resource: null, version: 1 };
      },
    });
    const live = async (): Promise<boolean> => {
      dead = false;
      const log = {
        watermarks: async () => marks,
        readAt: async (_topic: unknown, partition: number, offset: number) => of(partition)[offset] ?? null,
      };
      const consumer = new TopicConsumer({ ...bench.parts(TWO, kind), suspects: oneAtATime(), log });
      const starts = await consumer.onAssigned(marks);
      await Promise.all(
        [0, 1].map(async (partition) => {
          const rest = of(partition).filter(({ offset }) => offset >= (starts.get(partition) ?? 0));
          if (rest.length > 0) await consumer.onRecords(rest, () => true);
        }),
      );
      return !dead;
    };
    return { bench, live };
  };

  it('only the one that kills is blamed, although they died together', async () => {
    const { bench, live } = benchOfTwo();
    let deaths = 0;
    while (deaths < 20 && !(await live())) deaths += 1;
    expect(deaths).toBe(5);
    expect(new Set(bench.effects)).toEqual(new Set([2, 3, 4, 5, 6]));
    expect(bench.effects).toHaveLength(5);
    expect(await bench.outcomes(1, 2, 4, 6)).toEqual(['parked', 'done', 'done', 'done']);
  });
});
