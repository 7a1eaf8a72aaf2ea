import { describe, expect, it } from '@jest/globals';
import { refuse } from '@linli/kernel';
import type { Answer, Handling } from '../handling.js';
import type { Command } from '@linli/contracts';
import type { MemoryTransaction } from '../store/memory/memory-tables.js';
import { aCommand, aFact, COMMANDS, connectionLost, FACTS, poison, uuid, Workbench } from './workbench.js';

type Handle = (command: Command, handling: Handling<MemoryTransaction>) => Promise<Answer>;

const done: Answer = { resource: { fine: true }, version: 1 };
const numberOf = (command: Command): number => (command.data as { n: number }).n;

/** A bench whose handler notes each command's number as its effect; `handle` may answer otherwise first. */
const benchWith = (
  handle: (
    command: Command,
    handling: Handling<MemoryTransaction>,
  ) => Promise<Answer | undefined> = async () => undefined,
) => {
  const bench = new Workbench();
  const noting: Handle = async (command, handling) => {
    bench.effect(handling, numberOf(command));
    return (await handle(command, handling)) ?? done;
  };
  return { bench, start: () => bench.consumer(COMMANDS, bench.commands({ version: 1, handle: noting })) };
};

describe('a command', () => {
  it('is applied in the order of the log, with an outcome for each', async () => {
    const { bench, start } = benchWith();
    for (const n of [1, 2, 3]) bench.appendCommand(aCommand(n));
    expect(await start().run()).toEqual({ from: 3 });
    expect(bench.effects).toEqual([1, 2, 3]);
    expect(await bench.outcomes(1, 2, 3)).toEqual(['done', 'done', 'done']);
    expect(bench.committed.map(({ commandId }) => commandId)).toEqual([uuid(1), uuid(2), uuid(3)]);
  });

  it('takes one transaction for a chunk, not one for each', async () => {
    const { bench, start } = benchWith();
    for (let n = 1; n <= 200; n += 1) bench.appendCommand(aCommand(n));
    await start().run();
    expect(bench.tally.transactions).toBe(1);
  });

  it('that comes twice in a chunk, or again later, does nothing the second time', async () => {
    const { bench, start } = benchWith();
    bench.appendCommand(aCommand(1));
    bench.appendCommand(aCommand(1));
    const member = start();
    await member.run();
    bench.appendCommand(aCommand(1));
    await member.deliver();
    expect(bench.effects).toEqual([1]);
    expect(bench.tally.duplicates).toBe(2);
  });

  it('with the id of another request leaves the outcome of the first as it is', async () => {
    const { bench, start } = benchWith();
    bench.appendCommand(aCommand(1));
    bench.appendCommand(aCommand(1, { requestHash: 'another' }));
    await start().run();
    const [outcome] = await bench.store.outcomes.find(bench.store.reader('http'), [uuid(1)]);
    expect(outcome?.requestHash).toBe('hash of 1');
    expect(bench.effects).toEqual([1]);
  });

  it('that is refused has an outcome that says why, and its neighbours are done', async () => {
    const refusal = refuse('TST_NO', 'conflict', 'not now');
    const { bench, start } = benchWith(async (command) =>
      numberOf(command) === 2 ? { refusal } : undefined,
    );
    for (const n of [1, 2, 3]) bench.appendCommand(aCommand(n));
    await start().run();
    const [outcome] = await bench.store.outcomes.find(bench.store.reader('http'), [uuid(2)]);
    expect(outcome).toMatchObject({
      status: 'refused',
      refusal: { code: 'TST_NO', kind: 'conflict', detail: 'not now' },
    });
    expect(await bench.outcomes(1, 3)).toEqual(['done', 'done']);
  });

  it('that is refused but told something is set aside: a refusal changes nothing', async () => {
    const { bench, start } = benchWith(async (_, handling) => {
      handling.tell(aFact());
      return { refusal: refuse('TST_NO', 'conflict', 'not now') };
    });
    bench.appendCommand(aCommand(1));
    await start().run();
    expect(await bench.outcomes(1)).toEqual(['parked']);
    expect(await bench.store.counts(bench.store.reader('http'))).toMatchObject({
      unstamped: 0,
      parkedKeys: 1,
    });
  });

  it('is executed up to its notAfter and expired from then on', async () => {
    const { bench, start } = benchWith();
    bench.now = new Date('2026-11-24T12:00:00.001Z');
    bench.appendCommand(aCommand(1, { notAfter: '2026-11-24T12:00:00.000Z' }));
    bench.appendCommand(aCommand(2, { notAfter: '2026-11-24T12:00:00.001Z' }));
    await start().run();
    expect(await bench.outcomes(1, 2)).toEqual(['expired', 'done']);
    expect(bench.effects).toEqual([2]);
  });

  it('that 16 messages led to is refused as a loop', async () => {
    const { bench, start } = benchWith();
    bench.appendCommand(aCommand(1, { hops: 15 }));
    bench.appendCommand(aCommand(2, { hops: 16 }));
    await start().run();
    expect(await bench.outcomes(1, 2)).toEqual(['done', 'refused']);
  });

  it('whose signature does not verify is set aside unread, without an outcome', async () => {
    const { bench, start } = benchWith();
    const { key, value, headers } = bench.appendCommand(aCommand(1));
    bench.records = [];
    bench.append({ key, value, headers: { ...headers, 'linli-signature': 'forged' } });
    bench.append({ key, value, headers: {} });
    bench.append({ key, value: Buffer.from(String(value).replace('"n":1', '"n":2')), headers });
    await start().run();
    expect(bench.effects).toEqual([]);
    expect((await bench.letters()).map(({ offset, error }) => [offset, error])).toEqual([
      [0, 'signature does not verify'],
      [1, 'signature does not verify'],
      [2, 'signature does not verify'],
    ]);
    expect(await bench.outcomes(1)).toEqual([undefined]);
  });

  it('of an unknown type is set aside and waits there for its operators', async () => {
    const { bench, start } = benchWith();
    bench.appendCommand(aCommand(1, { type: 'test.unheard-of' }));
    bench.appendCommand(aCommand(2));
    await start().run();
    expect(await bench.outcomes(1, 2)).toEqual(['parked', 'done']);
    expect(await bench.letters()).toMatchObject([
      { offset: 0, index: -1, error: 'no handler for command test.unheard-of' },
    ]);
  });

  it('of an unknown type does not park its aggregate, even when it is set aside as a killer', async () => {
    const { bench, start } = benchWith();
    bench.appendCommand(aCommand(1, { type: 'test.unheard-of' }));
    bench.appendCommand(aCommand(2));
    const place = { group: 'test', topic: COMMANDS.name, partition: 0 };
    await bench.store.transaction('consumer', async (tx) => {
      const row = await bench.store.progress.lock(tx, place);
      const died = { ...row, owner: 'who died', crashFrom: 0, crashCount: 4 };
      await bench.store.progress.advance(tx, [{ place, from: row, to: died }]);
    });
    await start().run();
    expect(await bench.store.parking.keys(bench.store.reader('http'))).toEqual([]);
    expect(await bench.letters()).toHaveLength(1);
    expect(await bench.outcomes(1, 2)).toEqual(['parked', 'done']);
  });

  it('of a newer version halts the partition behind the commands before it', async () => {
    const { bench, start } = benchWith();
    bench.appendCommand(aCommand(1));
    bench.appendCommand(aCommand(2, { version: 2 }));
    bench.appendCommand(aCommand(3));
    const member = start();
    const halt = { halt: 'command test.do has version 2, this release reads 1: update it' };
    expect(await member.run()).toEqual(halt);
    expect(await member.deliver()).toEqual(halt);
    expect(bench.effects).toEqual([1]);
    expect(await bench.letters()).toEqual([]);
  });
});

describe('a command at fault', () => {
  it('is found among 200 in about log2 n transactions, and parks its aggregate only', async () => {
    for (const bad of [1, 77, 128, 200]) {
      const { bench, start } = benchWith(async (command) => {
        if (numberOf(command) === bad) throw poison();
        return undefined;
      });
      for (let n = 1; n <= 200; n += 1) bench.appendCommand(aCommand(n, { aggregateId: uuid(1000 + n) }));
      expect(await start().run()).toEqual({ from: 200 });
      expect(bench.effects).toHaveLength(199);
      expect(await bench.outcomes(bad)).toEqual(['parked']);
      expect(bench.tally.setAside).toBe(1);
      expect(bench.tally.transactions).toBeGreaterThan(8);
      expect(bench.tally.transactions).toBeLessThanOrEqual(1 + 8 + 3);
    }
  });

  it('holds back the later commands of its aggregate, in this chunk and the next, and no others', async () => {
    const { bench, start } = benchWith(async (command) => {
      if (numberOf(command) === 1) throw poison();
      return undefined;
    });
    bench.appendCommand(aCommand(1));
    bench.appendCommand(aCommand(2));
    bench.appendCommand(aCommand(3, { aggregateId: uuid(901) }));
    const member = start();
    await member.run();
    bench.appendCommand(aCommand(4));
    await member.deliver();
    expect(bench.effects).toEqual([3]);
    expect(await bench.outcomes(1, 2, 3, 4)).toEqual(['parked', 'parked', 'done', 'parked']);
  });

  it('is not set aside while the database is away: the partition rests, longer each time, and goes on', async () => {
    let away = true;
    const { bench, start } = benchWith(async () => {
      if (away) throw connectionLost();
      return undefined;
    });
    bench.appendCommand(aCommand(1));
    const member = start();
    const rests = [await member.run()];
    for (let turn = 0; turn < 9; turn += 1) rests.push(await member.deliver());
    expect(rests).toEqual(
      [100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000].map((afterMs) => ({ from: 0, afterMs })),
    );
    expect(await bench.letters()).toEqual([]);
    expect(await bench.outcomes(1)).toEqual([undefined]);
    away = false;
    expect(await member.deliver()).toEqual({ from: 1 });
    expect(await bench.outcomes(1)).toEqual(['done']);
  });

  it('is not set aside when the database goes away in the middle of the search for it', async () => {
    let calls = 0;
    const { bench, start } = benchWith(async (command) => {
      calls += 1;
      if (calls > 10 && calls < 20) throw connectionLost();
      if (numberOf(command) === 5) throw poison();
      return undefined;
    });
    for (let n = 1; n <= 8; n += 1) bench.appendCommand(aCommand(n, { aggregateId: uuid(1000 + n) }));
    const member = start();
    let answer = await member.run();
    while (answer && 'afterMs' in answer) answer = await member.deliver();
    expect(bench.effects).toEqual([1, 2, 3, 4, 6, 7, 8]);
    expect(bench.tally).toMatchObject({ setAside: 1 });
    expect(bench.tally.retries).toBeGreaterThan(0);
  });
});

describe('what a handler tells', () => {
  it('is written with the command that led to it, and not at all when the chunk fails', async () => {
    let away = true;
    const { bench, start } = benchWith(async (_, handling) => {
      handling.tell(aFact({ data: { colour: 'red' } }));
      handling.send({
        topic: COMMANDS.name,
        type: 'test.follow',
        tenant: 'yuhang',
        aggregateId: uuid(901),
        identity: ['follow', 1],
        data: { why: 'red' },
      });
      if (away) throw connectionLost();
      return undefined;
    });
    bench.appendCommand(aCommand(1, { hops: 3 }));
    const member = start();
    await member.run();
    expect((await bench.store.counts(bench.store.reader('http'))).unstamped).toBe(0);
    away = false;
    await member.deliver();
    const [facts, commands] = await bench.store.transaction('relay', async (tx) => [
      await bench.store.journal.take(tx, FACTS.name, 10),
      await bench.store.journal.take(tx, COMMANDS.name, 10),
    ]);
    const cause = {
      commandId: uuid(1),
      correlationId: 'correlation 1',
      causationId: uuid(1),
      actor: 'key-1',
    };
    expect(facts).toMatchObject([{ ...cause, kind: 'fact', hops: 3, payload: '{"colour":"red"}' }]);
    expect(commands).toMatchObject([{ ...cause, kind: 'command', type: 'test.follow', hops: 4 }]);
    expect(JSON.parse(commands?.[0]?.payload ?? '')).toMatchObject({
      aggregateId: uuid(901),
      causationId: uuid(1),
      hops: 4,
      notAfter: '9999-12-31T23:59:59.000Z',
      data: { why: 'red' },
    });
  });

  it('gives the same command id for the same identity, and another for another', async () => {
    const identities = [['a', 1], ['a', 1], ['a1'], ['a', 2]];
    const { bench, start } = benchWith(async (command, handling) => {
      const identity = identities[numberOf(command)] ?? [];
      const sent = {
        topic: COMMANDS.name,
        type: 'test.do',
        tenant: 'yuhang',
        aggregateId: uuid(1),
        data: null,
      };
      handling.send({ ...sent, identity });
      return undefined;
    });
    for (const n of identities.keys()) bench.appendCommand(aCommand(n));
    await start().run();
    const sent = await bench.store.transaction('relay', (tx) =>
      bench.store.journal.take(tx, COMMANDS.name, 10),
    );
    const ids = sent.map(({ eventId }) => eventId);
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
  });

  it('to a topic that the service did not name parks the command', async () => {
    const { bench, start } = benchWith(async (_, handling) => {
      handling.tell(aFact({ topic: 'somebody.elses.v1' }));
      return undefined;
    });
    bench.appendCommand(aCommand(1));
    await start().run();
    expect(await bench.outcomes(1)).toEqual(['parked']);
    expect(bench.faults[0]).toContain('does not tell facts on somebody.elses.v1');
  });

  it('lets work after the commit run once, and survives its failure', async () => {
    const ran: number[] = [];
    const { bench, start } = benchWith(async (command, handling) => {
      handling.afterCommit(() => {
        ran.push(numberOf(command));
        throw new Error('a wake-up that failed');
      });
      if (numberOf(command) === 2 && ran.length === 0) throw poison();
      return undefined;
    });
    for (const n of [1, 2, 3]) bench.appendCommand(aCommand(n, { aggregateId: uuid(1000 + n) }));
    expect(await start().run()).toEqual({ from: 3 });
    expect(ran).toEqual([1, 2, 3]);
  });
});
