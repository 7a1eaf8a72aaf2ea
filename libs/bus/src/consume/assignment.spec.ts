import { describe, expect, it } from '@jest/globals';
import { aCommand, COMMANDS, Workbench } from './workbench.js';

const benchOf = (count: number) => {
  const bench = new Workbench();
  for (let n = 1; n <= count; n += 1) bench.appendCommand(aCommand(n));
  const start = () =>
    bench.consumer(
      COMMANDS,
      bench.commands({ version: 1, handle: async () => ({ resource: null, version: 1 }) }),
    );
  return { bench, start };
};

describe('an assignment of commands', () => {
  it('starts at the stored offset', async () => {
    const { bench, start } = benchOf(3);
    await start().run();
    bench.appendCommand(aCommand(4));
    expect(await start().assign()).toBe(3);
  });

  it('halts when records expired before they were read', async () => {
    const { bench, start } = benchOf(3);
    await start().run();
    bench.low = 5;
    expect(await start().run()).toBeNull();
    expect(bench.faults.at(-1)).toContain('records 3 to 4 expired unread');
  });

  it('halts when the log is shorter than what was read', async () => {
    const { bench, start } = benchOf(3);
    await start().run();
    bench.records.pop();
    expect(await start().assign()).toBeUndefined();
    expect(bench.faults.at(-1)).toContain('the log ends at 2, but 3 was read');
  });

  it('asks for the marks again when the log and the one before went on after they were read', async () => {
    const { bench, start } = benchOf(3);
    const marks = bench.marks();
    bench.appendCommand(aCommand(4));
    await start().run();
    const { consumer } = start();
    await expect(consumer.onAssigned([marks])).rejects.toThrow('went on from 3 to 4 meanwhile');
    expect(await consumer.onAssigned([bench.marks()])).toEqual(new Map([[0, 4]]));
  });

  it('halts when the topic was made anew, even with as many records', async () => {
    const { bench, start } = benchOf(3);
    await start().run();
    bench.records = [];
    for (const n of [11, 12, 13, 14]) bench.appendCommand(aCommand(n));
    expect(await start().assign()).toBeUndefined();
    expect(bench.faults.at(-1)).toContain('the record at 2 is not the one that was read there');
  });

  it('stays halted, with its reason, when records are delivered all the same', async () => {
    const { bench, start } = benchOf(3);
    await start().run();
    bench.records.pop();
    const member = start();
    await member.assign();
    expect(await member.deliver(1, 0)).toHaveProperty('halt', expect.stringContaining('cut off'));
  });

  it('halts on the way when records expire between two batches', async () => {
    const { bench, start } = benchOf(3);
    const member = start();
    await member.assign();
    await member.deliver(1);
    bench.low = 2;
    bench.records = bench.records.slice(2);
    expect(await member.deliver(1, 2)).toHaveProperty(
      'halt',
      expect.stringContaining('records 1 to 1 expired'),
    );
  });

  it('passes offsets at which the log keeps nothing for consumers', async () => {
    const { bench, start } = benchOf(3);
    const member = start();
    await member.assign();
    await member.deliver(1);
    const [, , third] = bench.records;
    bench.records = bench.records.filter(({ offset }) => offset !== 1);
    bench.records.length = 1;
    if (third) bench.records[2] = third;
    expect(await member.consumer.onRecords(third ? [third] : [], () => true)).toEqual({ from: 3 });
    expect(await bench.outcomes(1, 2, 3)).toEqual(['done', undefined, 'done']);
  });

  it('is refused while the offsets cannot be read, so that the log asks again', async () => {
    const { bench, start } = benchOf(1);
    const { progress } = bench.store;
    let away = true;
    const of: typeof progress.of = async (...asked) => {
      if (away) throw new Error('no connection');
      return progress.of(...asked);
    };
    bench.store = { ...bench.store, progress: { ...progress, of } };
    const member = start();
    await expect(member.assign()).rejects.toThrow('no connection');
    away = false;
    expect(await member.assign()).toBe(0);
    expect(bench.faults).toEqual(['test.commands.v1: offsets cannot be loaded: Error: no connection']);
  });
});
