import { describe, expect, it } from '@jest/globals';
import type { FactEnvelope } from '@linli/contracts';
import type { JournalEntry } from '../journal/journal-entry.js';
import type { Handling } from '../handling.js';
import { toJournalEntry } from '../journal/entry.js';
import { stampAll } from '../journal/stamper.js';
import { memoryBusStore } from '../store/memory/memory-bus-store.js';
import type { MemoryTransaction } from '../store/memory/memory-tables.js';
import type { StampedEntry } from '../store/journal-store.js';
import { factRecord } from '../wire/fact-record.js';
import { Facts } from './facts.js';
import { connectionLost, FACTS, noon, poison, uuid, Workbench } from './workbench.js';

type Handle = (fact: FactEnvelope, handling: Handling<MemoryTransaction>) => void;

const types = { heard: 'linli.test.done.v1', unheard: 'linli.test.other.v1', newer: 'linli.test.done.v2' };

/** A producer with a journal of its own, and a consumer of its facts. */
const benchWith = async (
  count: number,
  handle: Handle = () => undefined,
  type: (n: number) => string = () => types.heard,
) => {
  const bench = new Workbench();
  const producer = memoryBusStore();
  await producer.transaction('relay', async (tx) => {
    await producer.journal.open(tx, FACTS);
    await producer.journal.append(
      tx,
      Array.from({ length: count }, (_, index) => ({
        topic: FACTS.name,
        kind: 'fact' as const,
        eventId: uuid(index + 1),
        type: type(index + 1),
        tenant: 'yuhang',
        aggregateId: uuid(900 + ((index + 1) % 2)),
        aggregateVersion: index + 1,
        actor: 'key-1',
        commandId: null,
        correlationId: 'c',
        causationId: null,
        hops: 0,
        at: noon,
        payload: JSON.stringify({ n: index + 1 }),
      })),
    );
  });
  while (await stampAll(producer));
  const rows = await producer.journal.slice(producer.reader('http'), {
    ...{ topic: FACTS.name, partition: 0, from: 1, limit: 10_000 },
  });
  const asked: [number, number][] = [];
  bench.heal = async (_topic, _partition, from, to): Promise<JournalEntry[]> => {
    asked.push([from, to]);
    return rows.slice(from - 1, to).map(toJournalEntry);
  };
  const kind = new Facts<MemoryTransaction>(
    new Map([
      [
        types.heard,
        async (fact, handling) => {
          bench.effect(handling, (fact.data as { n: number }).n);
          handle(fact, handling);
        },
      ],
    ]),
  );
  const send = (...seqs: number[]) => {
    for (const seq of seqs) bench.append(factRecord(rows[seq - 1] as StampedEntry, 'test'));
  };
  return { bench, rows, asked, send, start: () => bench.consumer(FACTS, kind) };
};

describe('facts', () => {
  it('are applied in order, each once, however often the relay sent them', async () => {
    const { bench, send, start } = await benchWith(5);
    send(1, 2, 3, 2, 3, 4, 1, 5, 5);
    await start().run();
    expect(bench.effects).toEqual([1, 2, 3, 4, 5]);
    expect(bench.tally.duplicates).toBe(4);
  });

  it('that are missing are fetched from the journal of their producer', async () => {
    const { bench, asked, send, start } = await benchWith(9);
    send(3, 4, 8, 9);
    expect(await start().run()).toEqual({ from: 4 });
    expect(bench.effects).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(asked).toEqual([
      [1, 2],
      [5, 7],
    ]);
    expect(bench.tally.healed).toBe(5);
  });

  it('of a long hole are fetched piece by piece', async () => {
    const { bench, asked, send, start } = await benchWith(1203);
    send(1203);
    await start().run();
    expect(bench.effects).toHaveLength(1203);
    expect(asked).toEqual([
      [1, 500],
      [501, 1000],
      [1001, 1202],
    ]);
  });

  it('wait behind a hole as long as the producer does not answer, or not with all of it', async () => {
    const { bench, send, start } = await benchWith(3);
    const { heal } = bench;
    send(3);
    bench.heal = async () => {
      throw new Error('503');
    };
    expect(await start().run()).toEqual({ from: 0, afterMs: 100 });
    bench.heal = async (...hole) => (await heal?.(...hole))?.slice(1) ?? [];
    expect(await start().run()).toEqual({ from: 0, afterMs: 100 });
    expect(bench.effects).toEqual([]);
    expect(bench.faults.at(-1)).toContain('did not return facts 1 to 2');
    bench.heal = heal;
    await start().run();
    expect(bench.effects).toEqual([1, 2, 3]);
  });

  it('halt when there is a hole and nothing to heal it from', async () => {
    const { bench, send, start } = await benchWith(3);
    bench.heal = null;
    send(1, 3);
    expect(await start().run()).toEqual({ halt: 'facts 2 to 2 are missing and nothing can heal them' });
    expect(bench.effects).toEqual([1]);
  });

  it('of a new epoch go on where the old one ended, with a hole healed from the journal', async () => {
    const { bench, rows, send, start } = await benchWith(3);
    send(1);
    bench.append(factRecord({ ...(rows[2] as StampedEntry), epoch: 2 }, 'test'));
    await start().run();
    expect(bench.effects).toEqual([1, 2, 3]);
  });

  it('of a new epoch under a number that was applied halt the partition: the producer lost facts', async () => {
    const { bench, rows, send, start } = await benchWith(3);
    send(1, 2, 3);
    bench.append(factRecord({ ...(rows[1] as StampedEntry), epoch: 2 }, 'test'));
    expect(await start().run()).toEqual({
      halt:
        'facts 2 to 3 of epoch 1 were applied here, but the producer was restored without them and numbers in ' +
        'epoch 2: compare both, then move on',
    });
    expect(bench.effects).toEqual([1, 2, 3]);
  });

  it('of an epoch that ended are dropped, whatever their number', async () => {
    const { bench, rows, send, start } = await benchWith(3);
    send(1);
    bench.append(factRecord({ ...(rows[1] as StampedEntry), epoch: 2 }, 'test'));
    send(3);
    await start().run();
    expect(bench.effects).toEqual([1, 2]);
  });

  it('of types that nobody hears are passed over; a newer version of a type that is heard halts', async () => {
    const { bench, send, start } = await benchWith(
      4,
      undefined,
      (n) => ({ 2: types.unheard, 4: types.newer })[n] ?? types.heard,
    );
    send(1, 2, 3, 4);
    expect(await start().run()).toHaveProperty(
      'halt',
      expect.stringContaining('no handler for linli.test.done.v2'),
    );
    expect(bench.effects).toEqual([1, 3]);
    expect(await bench.letters()).toEqual([]);
  });

  it('that cannot be read are set aside, and read from the journal', async () => {
    const { bench, rows, send, start } = await benchWith(3);
    send(1);
    const { headers, key } = factRecord(rows[1] as StampedEntry, 'test');
    bench.append({ headers, key, value: Buffer.from('{') });
    bench.append({ headers: {}, key, value: Buffer.from('{}') });
    send(3);
    await start().run();
    expect(bench.effects).toEqual([1, 2, 3]);
    expect((await bench.letters()).map(({ offset }) => offset)).toEqual([1, 2]);
  });

  it('at fault park their aggregate; the facts of others go on', async () => {
    const { bench, send, start } = await benchWith(6, (fact) => {
      if (fact.aggregateVersion === 3) throw poison();
    });
    send(1, 2, 3, 4, 5, 6);
    await start().run();
    expect(bench.effects).toEqual([1, 2, 4, 6]);
    const keys = await bench.store.parking.keys(bench.store.reader('http'));
    expect(keys).toMatchObject([
      { group: 'test', key: uuid(901), reason: 'Error: invalid input syntax', attempts: 1 },
    ]);
  });

  it('at fault inside of a hole park their aggregate too', async () => {
    const { bench, send, start } = await benchWith(6, (fact) => {
      if (fact.aggregateVersion === 3) throw poison();
    });
    send(6);
    await start().run();
    expect(bench.effects).toEqual([1, 2, 4, 6]);
  });

  it('are neither parked nor lost while the database is away', async () => {
    let turns = 0;
    const { bench, send, start } = await benchWith(3, () => {
      turns += 1;
      if (turns < 20) throw connectionLost();
    });
    send(1, 2, 3);
    const member = start();
    let answer = await member.run();
    while (answer && 'afterMs' in answer) answer = await member.deliver();
    expect(bench.effects).toEqual([1, 2, 3]);
  });

  it('are found again by their number when the log expired, was cut off or made anew', async () => {
    const { bench, send, start } = await benchWith(8);
    send(1, 2, 3);
    await start().run();
    bench.records = [];
    send(2, 4);
    await start().run();
    expect(bench.effects).toEqual([1, 2, 3, 4]);
    bench.records = [];
    send(1, 2, 3, 4, 5, 6);
    await start().run();
    expect(bench.effects).toEqual([1, 2, 3, 4, 5, 6]);
    bench.records = [];
    bench.low = 100;
    send(8);
    await start().run();
    expect(bench.effects).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});
