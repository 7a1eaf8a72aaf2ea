import { randomBytes } from 'node:crypto';
import type { TopicSpec } from '@linli/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Log, LogPromises, LogRecord, NewRecord } from '../log/log.js';
import { PublishRefused } from '../log/publish-fault.js';
import { Gate, Reader, type ReaderSettings, fromLow, until } from './reader.js';

const record = (partition: number, text: string, key: string | null = null): NewRecord => ({
  partition,
  key,
  value: Buffer.from(text),
  headers: {},
});

const numbered = (partition: number, count: number, from = 0): NewRecord[] =>
  Array.from({ length: count }, (_, n) => record(partition, String(from + n)));

const upTo = (count: number, from = 0): string[] => Array.from({ length: count }, (_, n) => String(from + n));

/**
 * What every adapter of the log port keeps. `makeLog` opens another log object over the same storage; `declared` is
 * what this adapter promises and what not.
 */
export const logConformance = (name: string, makeLog: () => Promise<Log>, declared: LogPromises): void => {
  describe(`the log port on ${name}`, () => {
    let log: Log;
    let topic: TopicSpec;
    const readers: Reader[] = [];

    const newTopic = async (partitions = 3): Promise<TopicSpec> => {
      const made: TopicSpec = {
        name: `test.${randomBytes(6).toString('hex')}.v1`,
        partitions,
        holds: 'commands',
      };
      await log.provision([made]);
      return made;
    };
    const read = async (settings: ReaderSettings = {}, on: Log = log): Promise<Reader> => {
      const reader = await Reader.on(on, topic, settings);
      readers.push(reader);
      return reader;
    };
    const arrive = (reader: Reader, count: number): Promise<void> =>
      until(
        () => reader.records.length >= count,
        () => ({ count, seen: reader.records.length }),
      );

    beforeAll(async () => {
      log = await makeLog();
    });
    afterEach(async () => {
      await Promise.all(readers.splice(0).map((reader) => reader.stop()));
    });
    afterAll(async () => {
      await log.close();
    });

    it('promises what it declares', () => {
      expect(log.promises).toEqual(declared);
    });

    describe('publishing', () => {
      beforeAll(async () => {
        topic = await newTopic();
      });
      const own = async (): Promise<void> => {
        topic = await newTopic();
      };

      it('keeps the order of a partition, numbered from 0 without a hole', async () => {
        await own();
        await log.publish(topic, numbered(1, 3));
        await log.publish(topic, numbered(1, 2, 3));
        const reader = await read();
        await arrive(reader, 5);
        expect(reader.texts(1)).toEqual(['0', '1', '2', '3', '4']);
        expect(reader.offsets(1)).toEqual([0, 1, 2, 3, 4]);
      });

      it('puts a record into the partition it names, whatever its key', async () => {
        await own();
        await log.publish(topic, [record(2, 'a', 'same'), record(0, 'b', 'same'), record(2, 'c', 'other')]);
        const reader = await read();
        await arrive(reader, 3);
        expect([reader.texts(0), reader.texts(1), reader.texts(2)]).toEqual([['b'], [], ['a', 'c']]);
      });

      it('brings keys, values and headers back byte for byte', async () => {
        await own();
        const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
        const sent: NewRecord[] = [
          { partition: 0, key: null, value: null, headers: {} },
          { partition: 0, key: '', value: Buffer.alloc(0), headers: { empty: '' } },
          {
            partition: 0,
            key: '网格 07',
            value: bytes,
            headers: { ce_type: 'a.b', 备注: 'ü “x” \\ {1,2} NULL' },
          },
        ];
        const before = Date.now();
        await log.publish(topic, sent);
        const reader = await read();
        await arrive(reader, 3);
        expect(reader.of(0).map(({ key }) => key)).toEqual([null, '', '网格 07']);
        expect(reader.of(0).map(({ value }) => value?.toString('hex') ?? null)).toEqual([
          null,
          '',
          bytes.toString('hex'),
        ]);
        expect(reader.of(0).map(({ headers }) => ({ ...headers }))).toEqual([
          {},
          { empty: '' },
          { ce_type: 'a.b', 备注: 'ü “x” \\ {1,2} NULL' },
        ]);
        for (const { appendedAt, topic: from } of reader.records) {
          expect(from).toBe(topic.name);
          expect(Math.abs(appendedAt.getTime() - before)).toBeLessThan(60_000);
        }
      });

      it('carries values near 256 kB', async () => {
        await own();
        const values = Array.from({ length: 6 }, () => randomBytes(255_000));
        await log.publish(
          topic,
          values.map((value) => ({ partition: 0, key: 'k', value, headers: {} })),
        );
        const reader = await read();
        await arrive(reader, 6);
        expect(reader.of(0).map(({ value }) => value?.equals(values.shift() ?? Buffer.alloc(0)))).toEqual([
          true,
          true,
          true,
          true,
          true,
          true,
        ]);
      });

      it('keeps the order of a call that is too large for one batch, and hands over at most 200 at once', async () => {
        await own();
        await log.publish(topic, [...numbered(0, 700), ...numbered(1, 700), ...numbered(0, 100, 700)]);
        const reader = await read();
        await arrive(reader, 1_500);
        expect(reader.texts(0)).toEqual(upTo(800));
        expect(reader.texts(1)).toEqual(upTo(700));
        expect(Math.max(...reader.batches.map(({ length }) => length))).toBeLessThanOrEqual(200);
      });

      it('takes many callers at once: every record there, each once, in the order of its caller', async () => {
        await own();
        const caller = async (id: number): Promise<void> => {
          for (let n = 0; n < 20; n += 1) await log.publish(topic, [record(id % 3, `${id}:${n}`)]);
        };
        await Promise.all(Array.from({ length: 40 }, (_, id) => caller(id)));
        const reader = await read();
        await arrive(reader, 800);
        expect(new Set(reader.texts()).size).toBe(800);
        expect(reader.records).toHaveLength(800);
        for (let id = 0; id < 40; id += 1) {
          const mine = reader.texts().filter((text) => text?.startsWith(`${id}:`));
          expect(mine).toEqual(upTo(20).map((n) => `${id}:${n}`));
        }
      });

      it('keeps the order of calls that do not wait for each other', async () => {
        await own();
        await Promise.all(upTo(300).map((text) => log.publish(topic, [record(0, text)])));
        const reader = await read();
        await arrive(reader, 300);
        expect(reader.texts(0)).toEqual(upTo(300));
      });

      it.each([
        ['a partition that the topic does not have', record(3, 'x'), 'LOG_NO_SUCH_PARTITION'],
        [
          'a record that no topic takes',
          { partition: 0, key: null, value: Buffer.alloc(900_001), headers: {} },
          'LOG_RECORD_TOO_LARGE',
        ],
      ])('refuses %s, and with it the whole call', async (_, bad, code) => {
        await own();
        const call = log.publish(topic, [record(0, 'good'), bad]);
        await expect(call).rejects.toMatchObject({ name: 'PublishRefused', code });
        expect((await log.watermarks(topic)).map(({ high }) => high)).toEqual([0, 0, 0]);
      });

      it('does not publish to a topic that was not provisioned', async () => {
        const missing: TopicSpec = {
          name: `missing.${randomBytes(6).toString('hex')}`,
          partitions: 1,
          holds: 'facts',
        };
        await expect(log.publish(missing, [record(0, 'x')])).rejects.toBeInstanceOf(PublishRefused);
      });

      it('refuses to publish when it is closed', async () => {
        await own();
        const closed = await makeLog();
        await closed.provision([topic]);
        await closed.close();
        await expect(closed.publish(topic, [record(0, 'x')])).rejects.toMatchObject({
          name: 'PublishRefused',
          code: 'LOG_CLOSED',
        });
      });
    });

    describe('reading', () => {
      const own = async (...records: NewRecord[]): Promise<void> => {
        topic = await newTopic();
        await log.publish(topic, records);
      };

      it('starts exactly at the answered offset and delivers nothing before the answer', async () => {
        await own(...numbered(0, 20), ...numbered(1, 20), ...numbered(2, 5));
        const gate = new Gate();
        const slow = await read({
          start: async () => {
            await gate.passed;
            return new Map([
              [0, 7],
              [1, 20],
              [2, 0],
            ]);
          },
        });
        await until(() => slow.assignments.length === 1);
        const quick = await read();
        await arrive(quick, 45);
        await log.publish(topic, [record(1, 'late')]);
        await arrive(quick, 46);
        expect(slow.records).toEqual([]);
        gate.open();
        await arrive(slow, 19);
        expect(slow.texts(0)).toEqual(upTo(13, 7));
        expect(slow.texts(1)).toEqual(['late']);
        expect(slow.texts(2)).toEqual(upTo(5));
        const inOrder = [...(slow.assignments[0] ?? [])].sort((a, b) => a.partition - b.partition);
        expect(inOrder).toEqual([
          { partition: 0, low: 0, high: 20 },
          { partition: 1, low: 0, high: 20 },
          { partition: 2, low: 0, high: 5 },
        ]);
      });

      it('asks for the start again when it was rejected', async () => {
        await own(...numbered(0, 3));
        let asked = 0;
        const reader = await read({
          start: (assigned) => {
            asked += 1;
            if (asked < 3) throw new Error('the store is away');
            return fromLow(assigned);
          },
        });
        await arrive(reader, 3);
        expect(asked).toBe(3);
        expect(reader.texts(0)).toEqual(['0', '1', '2']);
      });

      it('halts a partition whose start is missing or outside of the log; the others go on', async () => {
        await own(...numbered(0, 3), ...numbered(1, 3), ...numbered(2, 3));
        const reader = await read({
          start: () =>
            new Map([
              [0, 4],
              [2, 1],
            ]),
        });
        await arrive(reader, 2);
        await log.publish(topic, [record(0, 'x'), record(1, 'x'), record(2, 'x')]);
        await arrive(reader, 3);
        expect(reader.texts()).toEqual(['1', '2', 'x']);
        const halted = new Map(reader.positions().map((position) => [position.partition, position.halted]));
        expect(halted.get(0)).toContain('outside of the log (0..3)');
        expect(halted.get(1)).toContain('no start');
        expect(halted.get(2)).toBeNull();
      });

      it('delivers again from the answered offset', async () => {
        await own(...numbered(0, 10));
        const answers = [{ from: 0 }, { from: 4 }];
        const reader = await read({
          answer: (records) => (records.length < 10 ? undefined : answers.shift()),
        });
        await until(() => reader.offsets(0).filter((offset) => offset === 9).length === 3);
        expect(reader.texts(0)).toEqual([...upTo(10), ...upTo(10), ...upTo(6, 4)]);
      });

      it('skips ahead when told so', async () => {
        await own(...numbered(0, 250));
        const reader = await read({ answer: ([first]) => (first?.offset === 0 ? { from: 230 } : undefined) });
        await until(() => reader.texts(0).includes('249'));
        expect(reader.offsets(0).filter((offset) => offset >= 200)).toEqual(upTo(20, 230).map(Number));
      });

      it('rests one partition for afterMs while its neighbours go on', async () => {
        await own(...numbered(0, 3));
        let restedAt = 0;
        let backAt = 0;
        const reader = await read({
          answer: ([first]) => {
            if (first?.partition !== 0) return undefined;
            if (restedAt > 0) {
              backAt = Date.now();
              return undefined;
            }
            restedAt = Date.now();
            return { from: 1, afterMs: 1_500 };
          },
        });
        await arrive(reader, 3);
        for (const text of ['a', 'b', 'c']) {
          await log.publish(topic, [record(1, text)]);
          await until(() => reader.texts(1).includes(text));
        }
        expect(backAt).toBe(0);
        await until(() => backAt > 0);
        await arrive(reader, 8);
        expect(backAt - restedAt).toBeGreaterThanOrEqual(1_490);
        expect(reader.texts(0)).toEqual(['0', '1', '2', '1', '2']);
      });

      it('halts a partition for good; its neighbours go on', async () => {
        await own(...numbered(0, 2));
        const reader = await read({
          answer: ([first]) => (first?.partition === 0 ? { halt: 'somebody must look' } : undefined),
        });
        await arrive(reader, 2);
        for (const text of ['a', 'b', 'c']) {
          await log.publish(topic, [record(0, text), record(1, text)]);
          await until(() => reader.texts(1).includes(text));
        }
        expect(reader.texts(0)).toEqual(['0', '1']);
        expect(reader.positions().find(({ partition }) => partition === 0)).toMatchObject({
          next: 0,
          halted: 'somebody must look',
        });
      });

      it('asks for the starts anew when told so: what was halted goes on, nothing else is lost', async () => {
        await own(...numbered(0, 2), ...numbered(1, 2));
        let seen = false;
        const reader = await read({
          answer: ([first]) => (first?.partition === 0 && !seen ? { halt: 'somebody must look' } : undefined),
          start: (assigned) =>
            new Map(assigned.map(({ partition, low }) => [partition, partition === 0 && seen ? 1 : low])),
        });
        await until(() => reader.positions().some(({ halted }) => halted !== null));
        seen = true;
        reader.again();
        await until(() => reader.assignments.length > 1);
        await log.publish(topic, [record(0, 'x'), record(1, 'x')]);
        await until(() => reader.texts(0).includes('x') && reader.texts(1).includes('x'));
        expect(reader.texts(0).slice(-2)).toEqual(['1', 'x']);
        expect(reader.positions().every(({ halted }) => halted === null)).toBe(true);
      });

      it.each([
        [
          'threw',
          () => {
            throw new TypeError('a defect');
          },
        ],
        ['answered nonsense', () => ({ from: Number.NaN })],
      ])('brings a batch again when its consumer broke the contract and %s', async (_, breach) => {
        await own(...numbered(0, 3));
        let broken = false;
        const reader = await read({
          answer: () => {
            if (broken) return undefined;
            broken = true;
            return breach();
          },
        });
        await arrive(reader, 6);
        expect(reader.texts(0)).toEqual(['0', '1', '2', '0', '1', '2']);
      });

      it('makes one call at a time for a partition and several partitions at once', async () => {
        await own(...numbered(0, 5), ...numbered(1, 5));
        const gate = new Gate();
        const running = new Map<number, number>();
        let mostOfOne = 0;
        const reader = await read({
          answer: async ([first]) => {
            const partition = first?.partition ?? -1;
            running.set(partition, (running.get(partition) ?? 0) + 1);
            mostOfOne = Math.max(mostOfOne, ...running.values());
            await gate.passed;
            running.set(partition, (running.get(partition) ?? 0) - 1);
            return undefined;
          },
        });
        await until(() => running.get(0) === 1 && running.get(1) === 1);
        await log.publish(topic, [...numbered(0, 5, 5), ...numbered(1, 5, 5)]);
        const other = await read();
        await arrive(other, 20);
        gate.open();
        await arrive(reader, 20);
        expect(mostOfOne).toBe(1);
        expect(reader.texts(0)).toEqual(upTo(10));
        expect(reader.texts(1)).toEqual(upTo(10));
      });

      it('tells where it stands', async () => {
        await own(...numbered(0, 4), ...numbered(1, 2));
        const reader = await read();
        await arrive(reader, 6);
        await until(() => reader.positions().every(({ next, high }) => next === high));
        expect([...reader.positions()].sort((a, b) => a.partition - b.partition)).toEqual([
          { partition: 0, next: 4, high: 4, halted: null },
          { partition: 1, next: 2, high: 2, halted: null },
          { partition: 2, next: 0, high: 0, halted: null },
        ]);
      });
    });

    describe('members of a group', () => {
      it('consumes once every start is known, and no longer than it is told to', async () => {
        const gate = new Gate();
        const reader = await read({ start: (assigned) => gate.passed.then(() => fromLow(assigned)) });
        await until(() => reader.assignments.length > 0);
        expect(reader.consuming).toBe(false);
        gate.open();
        await until(() => reader.consuming);
        await reader.stop();
        expect(reader.consuming).toBe(false);
      });

      it('stop() waits for the running batch, ends its assignment, and lets no batch follow', async () => {
        topic = await newTopic();
        await log.publish(topic, numbered(0, 3));
        const gate = new Gate();
        let isCurrent = (): boolean => false;
        let currentAtTheEnd = false;
        const reader = await read({
          answer: async (_, current) => {
            isCurrent = current;
            await gate.passed;
            currentAtTheEnd = current();
            return undefined;
          },
        });
        await arrive(reader, 3);
        let stopped = false;
        const stopping = reader.stop().then(() => (stopped = true));
        await log.publish(topic, [...numbered(0, 3, 3), ...numbered(1, 3)]);
        const other = await read();
        await arrive(other, 9);
        expect(stopped).toBe(false);
        gate.open();
        await stopping;
        expect(currentAtTheEnd).toBe(true);
        expect(isCurrent()).toBe(false);
        await log.publish(topic, numbered(2, 3));
        await arrive(other, 12);
        expect(reader.texts()).toEqual(['0', '1', '2']);
        expect(reader.positions()).toEqual([]);
      });

      const ascending = (a: number, b: number): number => a - b;
      const partitionsOf = (reader: Reader): number[] =>
        reader
          .positions()
          .map(({ partition }) => partition)
          .toSorted(ascending);

      it(
        declared.sharesPartitions
          ? 'share the partitions, and the one that stays takes over those of the one that leaves'
          : 'each get every record; the fence tells who counts',
        async () => {
          topic = await newTopic(4);
          const group = `group.${topic.name}`;
          const first = await read({ group });
          await until(() => first.positions().length === 4);
          const second = await read({ group });
          const all = [0, 1, 2, 3];
          if (declared.sharesPartitions) {
            await until(
              () => first.positions().length === 2 && second.positions().length === 2,
              () => [partitionsOf(first), partitionsOf(second)],
            );
            expect([...partitionsOf(first), ...partitionsOf(second)].toSorted(ascending)).toEqual(all);
          } else {
            await until(() => first.positions().length === 4 && second.positions().length === 4);
          }
          await log.publish(
            topic,
            all.map((partition) => record(partition, `to ${partition}`)),
          );
          const each = declared.sharesPartitions ? 2 : 4;
          await until(() => first.records.length === each && second.records.length === each);
          expect(new Set([...first.texts(), ...second.texts()])).toEqual(new Set(all.map((n) => `to ${n}`)));
          await second.stop();
          await until(() => first.positions().length === 4);
          expect(partitionsOf(first)).toEqual(all);
        },
      );

      it('of different groups each get every record', async () => {
        topic = await newTopic();
        const both = await Promise.all([read(), read()]);
        await log.publish(topic, numbered(0, 5));
        await Promise.all(both.map((reader) => arrive(reader, 5)));
        expect(both.map((reader) => reader.texts(0))).toEqual([upTo(5), upTo(5)]);
      });
    });

    describe('looking things up', () => {
      it('tells the watermarks of every partition', async () => {
        topic = await newTopic();
        await log.publish(topic, [...numbered(0, 4), ...numbered(2, 1)]);
        const marks = [...(await log.watermarks(topic))].sort((a, b) => a.partition - b.partition);
        expect(marks).toEqual([
          { partition: 0, low: 0, high: 4 },
          { partition: 1, low: 0, high: 0 },
          { partition: 2, low: 0, high: 1 },
        ]);
      });

      it('reads one record, or null where there is none', async () => {
        topic = await newTopic();
        await log.publish(topic, [...numbered(0, 4), record(1, 'x', 'key')]);
        const found: LogRecord | null = await log.readAt(topic, 0, 2);
        expect(found).toMatchObject({ topic: topic.name, partition: 0, offset: 2, key: null });
        expect(found?.value?.toString()).toBe('2');
        expect((await log.readAt(topic, 1, 0))?.key).toBe('key');
        expect(await log.readAt(topic, 0, 4)).toBeNull();
        expect(await log.readAt(topic, 0, 4_000)).toBeNull();
        expect(await log.readAt(topic, 2, 0)).toBeNull();
      });
    });

    describe('set-up', () => {
      it('finds nothing wrong with what it provisioned itself, and provisioning again changes nothing', async () => {
        topic = await newTopic();
        await log.publish(topic, numbered(0, 2));
        await log.provision([topic]);
        await log.provision([topic]);
        expect(await log.check([topic])).toEqual([]);
        expect((await log.readAt(topic, 0, 1))?.value?.toString()).toBe('1');
      });

      it('finds a partition count that is not the frozen one, and does not change it', async () => {
        topic = await newTopic(3);
        const wanted = { ...topic, partitions: 6 };
        await log.provision([wanted]);
        const faults = await log.check([wanted]);
        expect(faults).toEqual([
          {
            topic: topic.name,
            fault: expect.stringContaining('3 partitions where the frozen count is 6') as unknown,
            mend: expect.stringContaining('new topic version') as unknown,
          },
        ]);
        expect(await log.watermarks(topic)).toHaveLength(3);
      });

      it('finds a missing topic', async () => {
        const missing: TopicSpec = {
          name: `missing.${randomBytes(6).toString('hex')}`,
          partitions: 1,
          holds: 'facts',
        };
        expect(await log.check([missing])).toEqual([
          { topic: missing.name, fault: 'the topic is missing', mend: expect.any(String) as unknown },
        ]);
      });

      if (declared.durable) {
        it('keeps what it acknowledged when the log object is closed and opened again', async () => {
          topic = await newTopic();
          const before = await makeLog();
          await before.publish(topic, numbered(0, 5));
          await before.close();
          const after = await makeLog();
          try {
            await after.publish(topic, numbered(0, 2, 5));
            const reader = await read({ start: () => new Map([[0, 3]]) }, after);
            await arrive(reader, 4);
            expect(reader.texts(0)).toEqual(['3', '4', '5', '6']);
          } finally {
            await after.close();
          }
        });
      }
    });
  });
};
