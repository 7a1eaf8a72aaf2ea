import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Outcome, TopicSpec } from '@linli/contracts';
import { beginning, type BusStore, type DeadLetter, type Place, type Progress } from '../store/bus-store.js';
import type { LetterFilter } from '../store/operate-store.js';
import { genesis, type Entry, type StampedEntry } from '../store/journal-store.js';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const at = new Date('2026-11-23T12:00:00.123Z');

const anOutcome = (n: number, changes: Partial<Outcome> = {}): Outcome => ({
  commandId: uuid(n),
  tenant: 'yuhang',
  requestHash: `hash ${n}`,
  aggregateId: uuid(900),
  status: 'done',
  resource: { colour: 'red', text: '求助\u0000"' },
  aggregateVersion: 3,
  refusal: null,
  completedAt: at.toISOString(),
  ...changes,
});

const anEntry = (topic: string, n: number, changes: Partial<Entry> = {}): Entry => ({
  topic,
  kind: 'fact',
  eventId: uuid(n),
  type: 'linli.test.done.v1',
  tenant: 'yuhang',
  aggregateId: uuid(900),
  aggregateVersion: n,
  actor: 'key-1',
  commandId: null,
  correlationId: 'c',
  causationId: null,
  traceparent: null,
  hops: 0,
  at,
  payload: `{"n": ${n}, "text":"求助\\u0000"}`,
  ...changes,
});

/** What every store of the bus promises. `open` gives one that may hold rows of other specs; names here are new. */
export const busStoreConformance = <Tx>(name: string, open: () => BusStore<Tx>): void => {
  describe(`the bus store on ${name}`, () => {
    let store: BusStore<Tx>;
    let topic: TopicSpec;
    let place: Place;
    let names = 0;

    const inside = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => store.transaction('consumer', work);
    const failing = (work: (tx: Tx) => Promise<unknown>): Promise<unknown> =>
      expect(
        inside(async (tx) => {
          await work(tx);
          throw new Error('changed its mind');
        }),
      ).rejects.toThrow('changed its mind');

    beforeEach(() => {
      store = open();
      names += 1;
      topic = { name: `conformance.${process.pid}.${names}.v1`, partitions: 3, holds: 'facts' };
      place = { group: 'conformance', topic: topic.name, partition: 1 };
    });

    describe('progress', () => {
      const to = (changes: Partial<Progress>): Progress => ({ ...beginning, ...changes });
      const step = async (tx: Tx, where: Place, stand: Progress): Promise<boolean> =>
        store.progress.advance(tx, [{ place: where, from: await store.progress.lock(tx, where), to: stand }]);

      it('begins at nothing, and is there once it was locked', async () => {
        expect(await inside((tx) => store.progress.lock(tx, place))).toEqual(beginning);
        expect(await store.progress.of(store.reader('http'), place.group, topic.name)).toEqual(
          new Map([[1, beginning]]),
        );
      });

      it('brings everything back that it was given', async () => {
        const all: Progress = {
          offset: 9_007_199_254_740,
          index: 4,
          lastSeq: 77,
          epoch: 2,
          fingerprint: 'abc',
          owner: 'me',
          crashFrom: 9,
          crashCount: 3,
        };
        await inside(async (tx) => {
          const row = await store.progress.lock(tx, place);
          expect(await store.progress.advance(tx, [{ place, from: row, to: all }])).toBe(true);
        });
        expect(await inside((tx) => store.progress.lock(tx, place))).toEqual(all);
      });

      it('advances only from where it stands: offset, index and seq', async () => {
        const stand = to({ offset: 5, index: 2, lastSeq: 8 });
        await inside((tx) => step(tx, place, stand));
        for (const wrong of [{ offset: 4 }, { index: 1 }, { lastSeq: 7 }]) {
          const steps = [{ place, from: { ...stand, ...wrong }, to: to({ offset: 9 }) }];
          expect(await inside((tx) => store.progress.advance(tx, steps))).toBe(false);
        }
        expect(await inside((tx) => store.progress.lock(tx, place))).toEqual(stand);
      });

      it('lets one at a time at a row: the second sees what the first did', async () => {
        await inside((tx) => store.progress.lock(tx, place));
        const next = (): Promise<void> =>
          inside(async (tx) => {
            const from = await store.progress.lock(tx, place);
            await new Promise((resolve) => setImmediate(resolve));
            const steps = [{ place, from, to: { ...from, offset: from.offset + 1 } }];
            expect(await store.progress.advance(tx, steps)).toBe(true);
          });
        await Promise.all([next(), next(), next(), next(), next()]);
        expect(await inside((tx) => store.progress.lock(tx, place))).toMatchObject({ offset: 5 });
      });

      it('moves several partitions at once, all or none', async () => {
        const part = (partition: number): Place => ({ ...place, partition });
        await inside((tx) => step(tx, part(0), to({ offset: 3 })));
        await inside((tx) => store.progress.lock(tx, place));
        const stepOf = (partition: number, offset: number) => ({
          ...{ place: part(partition), from: to({ offset }), to: to({ offset: 9 }) },
        });
        await failing(async (tx) => {
          expect(await store.progress.advance(tx, [stepOf(0, 3), stepOf(1, 1)])).toBe(false);
        });
        expect(await inside((tx) => store.progress.advance(tx, [stepOf(0, 3), stepOf(1, 0)]))).toBe(true);
        const rows = await store.progress.of(store.reader('http'), place.group, topic.name);
        expect([0, 1].map((partition) => rows.get(partition)?.offset)).toEqual([9, 9]);
      });

      it('locks several partitions at once, of those that are there', async () => {
        await inside((tx) => step(tx, place, to({ offset: 4 })));
        const found = await inside((tx) => store.progress.lockFree(tx, place.group, topic.name, [0, 1, 2]));
        expect(found).toEqual(new Map([[1, to({ offset: 4 })]]));
      });

      it('is undone with its transaction', async () => {
        await inside((tx) => store.progress.lock(tx, place));
        await failing((tx) => step(tx, place, to({ offset: 5 })));
        expect(await inside((tx) => store.progress.lock(tx, place))).toEqual(beginning);
      });

      it('is released by its owner, wherever it is the owner, and by no other', async () => {
        const owned = (partition: number, owner: string): Promise<boolean> =>
          inside((tx) => step(tx, { ...place, partition }, to({ owner })));
        await Promise.all([owned(0, 'me'), owned(1, 'me'), owned(2, 'another')]);
        await inside((tx) => store.progress.release(tx, place.group, topic.name, 'me'));
        const rows = await store.progress.of(store.reader('http'), place.group, topic.name);
        expect([0, 1, 2].map((partition) => rows.get(partition)?.owner)).toEqual([null, null, 'another']);
      });
    });

    describe('outcomes', () => {
      const ids = (): number[] => [names * 1000 + 1, names * 1000 + 2, names * 1000 + 3];

      it('come back as they were put, whatever characters a client sent', async () => {
        const [a = 0, b = 0, c = 0] = ids();
        const refusal = { code: 'TST_NO', kind: 'conflict', detail: 'no\u0000', flaws: [] };
        const outcomes = [
          anOutcome(a),
          anOutcome(b, { status: 'refused', refusal, resource: null, aggregateVersion: null }),
        ];
        await inside((tx) => store.outcomes.put(tx, outcomes));
        const found = await store.outcomes.find(store.reader('http'), [uuid(a), uuid(b), uuid(c)]);
        expect(found.toSorted((x, y) => x.commandId.localeCompare(y.commandId))).toEqual(outcomes);
      });

      it('are never replaced, but for a parked one by what became of it', async () => {
        const [a = 0, b = 0] = ids();
        await inside((tx) => store.outcomes.put(tx, [anOutcome(a), anOutcome(b, { status: 'parked' })]));
        const later = { status: 'expired', requestHash: 'another', resource: null } as const;
        await inside((tx) => store.outcomes.put(tx, [anOutcome(a, later), anOutcome(b, later)]));
        const [first] = await store.outcomes.find(store.reader('http'), [uuid(a)]);
        const [second] = await store.outcomes.find(store.reader('http'), [uuid(b)]);
        expect(first).toEqual(anOutcome(a));
        expect(second?.status).toBe('expired');
      });

      it('may be none', async () => {
        await inside((tx) => store.outcomes.put(tx, []));
        expect(await store.outcomes.find(store.reader('http'), [])).toEqual([]);
      });
    });

    describe('parking', () => {
      const message = (key: string, offset: number) => ({
        ...{ group: place.group, key, topic: topic.name, partition: 1, offset },
        ...{ appendedAt: at, body: `{"offset": ${offset}}` },
      });
      const newKey = (): string => `key ${process.pid} ${names}`;

      it('keeps messages in order of arrival and gives the oldest', async () => {
        const key = newKey();
        await inside((tx) => store.parking.append(tx, [message(key, 7), message(key, 5)]));
        await inside((tx) => store.parking.append(tx, [message(key, 6)]));
        const offsets: number[] = [];
        await inside(async (tx) => {
          for (;;) {
            const first = await store.parking.first(tx, place.group, key);
            if (!first) return;
            const { n: _n, ...rest } = first;
            expect(rest).toEqual(message(key, first.offset));
            offsets.push(first.offset);
            await store.parking.remove(tx, first);
          }
        });
        expect(offsets).toEqual([7, 5, 6]);
      });

      it('tells which keys are parked, of one group', async () => {
        const key = newKey();
        await inside((tx) => store.parking.park(tx, { group: place.group, key, since: at, reason: 'first' }));
        await inside((tx) =>
          store.parking.park(tx, { group: place.group, key, since: new Date(), reason: 'again' }),
        );
        const among = (group: string) => inside((tx) => store.parking.parkedAmong(tx, group, [key, 'none']));
        expect(await among(place.group)).toEqual(new Set([key]));
        expect(await among('another')).toEqual(new Set());
        expect(await store.parking.keys(store.reader('http'), key)).toEqual([
          { group: place.group, key, since: at, reason: 'again', attempts: 2 },
        ]);
        await inside((tx) => store.parking.unpark(tx, place.group, key));
        expect(await among(place.group)).toEqual(new Set());
      });
    });

    describe('what operators see and mend', () => {
      const later = new Date(at.getTime() + 1000);
      const letter = (offset: number, changes: Partial<DeadLetter> = {}): DeadLetter => ({
        ...{ group: place.group, topic: topic.name, partition: 1, offset, index: -1, key: 'k' },
        ...{ raw: Buffer.from('x'), headers: {}, error: `fault ${offset}`, at, appendedAt: at, ...changes },
      });
      const letters = (more: Partial<LetterFilter> = {}) =>
        store.operate.letters(store.reader('http'), { topic: topic.name, after: 0, limit: 10, ...more });
      const offsets = async (more: Partial<LetterFilter> = {}) =>
        (await letters(more)).map(({ offset }) => offset);

      it('lets a part of a transaction fail alone', async () => {
        const key = `apart ${names}`;
        const parked = { group: place.group, key, since: at, reason: 'r' };
        await inside(async (tx) => {
          await store.parking.park(tx, parked);
          const failed = store.operate.attempt(tx, async () => {
            await store.parking.unpark(tx, place.group, key);
            await store.parking.park(tx, { ...parked, key: `${key} too` });
            throw new Error('not this');
          });
          await expect(failed).rejects.toThrow('not this');
          expect(await store.operate.attempt(tx, async () => 'this')).toBe('this');
        });
        const keys = [key, `${key} too`];
        expect(await store.parking.parkedAmong(store.reader('http'), place.group, keys)).toEqual(
          new Set([key]),
        );
      });

      it('finds dead letters by what is said of them, page by page in the order of arrival', async () => {
        await inside((tx) => store.deadLetters.add(tx, [letter(1), letter(2, { at: later }), letter(3)]));
        expect(await offsets()).toEqual([1, 2, 3]);
        expect(await offsets({ errorContains: 'ult 3' })).toEqual([3]);
        expect(await offsets({ since: later })).toEqual([2]);
        expect(await offsets({ until: later })).toEqual([1, 3]);
        const [first] = await letters({ limit: 1 });
        expect(first).toMatchObject({ offset: 1, raw: null, state: 'open', attempts: 0 });
        expect(await offsets({ after: first?.n ?? 0, limit: 1 })).toEqual([2]);
      });

      it('knows what became of a dead letter, and counts by that', async () => {
        const before = await store.operate.letterCounts(store.reader('http'));
        await inside((tx) => store.deadLetters.add(tx, [letter(1), letter(2)]));
        const [first, second] = await letters();
        const [a, b] = [first?.id ?? '', second?.id ?? ''];
        expect(await store.operate.letter(store.reader('http'), a)).toMatchObject({ raw: Buffer.from('x') });
        await inside(async (tx) => {
          await store.operate.failLetter(tx, a, 'again');
          const locked = await store.operate.lockLetter(tx, b);
          expect(locked).toMatchObject({ state: 'open' });
          await store.operate.endLetter(tx, b, {
            state: 'replayed',
            at: later,
            by: 'night shift',
            reason: 'r',
          });
        });
        expect(await letters({ state: 'open' })).toMatchObject([{ id: a, attempts: 1, error: 'again' }]);
        expect(await letters({ state: 'replayed' })).toMatchObject([
          { id: b, endedAt: later, endedBy: 'night shift', endedReason: 'r' },
        ]);
        const after = await store.operate.letterCounts(store.reader('http'));
        expect([after.open - before.open, after.replayed - before.replayed]).toEqual([1, 1]);
        expect(await store.operate.letter(store.reader('http'), uuid(404))).toBeNull();
      });

      it('gives each parking of a key an id of its own, with what waits behind it', async () => {
        const key = `parked ${names}`;
        const parked = { group: place.group, key, since: at, reason: 'r' };
        const message = { ...place, key, offset: 7, appendedAt: at, body: '{}' };
        const mine = async () =>
          (await store.operate.parkings(store.reader('http'), { after: 0, limit: 1000 })).find(
            (one) => one.key === key,
          );
        await inside(async (tx) => {
          await store.parking.park(tx, parked);
          await store.parking.append(tx, [message, { ...message, offset: 8 }]);
        });
        const first = await mine();
        expect(first).toMatchObject({ ...parked, attempts: 1, topic: topic.name, partition: 1, waiting: 2 });
        await inside((tx) => store.parking.park(tx, parked));
        expect(await mine()).toMatchObject({ id: first?.id, attempts: 2 });
        const waiting = await store.operate.waiting(store.reader('http'), parked, 10);
        expect(waiting.map(({ offset }) => offset)).toEqual([7, 8]);
        await inside((tx) => store.parking.unpark(tx, place.group, key));
        await inside((tx) => store.parking.park(tx, parked));
        expect((await mine())?.id).not.toBe(first?.id);
        expect(await store.operate.parking(store.reader('http'), first?.id ?? '')).toBeNull();
      });

      it('remembers which partitions are halted, apart from their progress', async () => {
        const rows = () => store.operate.partitions(store.reader('http'), place.group, topic.name);
        await inside((tx) => store.operate.setHalted(tx, place, { reason: 'made anew', at }));
        expect(await rows()).toMatchObject([{ partition: 1, next: 0, halted: 'made anew', haltedAt: at }]);
        await inside(async (tx) => {
          const from = await store.progress.lock(tx, place);
          await store.progress.advance(tx, [{ place, from, to: { ...from, offset: 5, owner: 'me' } }]);
        });
        expect(await rows()).toMatchObject([{ next: 5, owner: 'me', halted: 'made anew' }]);
        await inside((tx) => store.operate.setHalted(tx, place, null));
        expect(await rows()).toMatchObject([{ next: 5, halted: null, haltedAt: null }]);
      });

      it('removes old outcomes and ended letters in batches, and nothing that is open or parked', async () => {
        const old = new Date('2001-01-01T00:00:00Z');
        const before = new Date('2001-02-01T00:00:00Z');
        const ids = [1, 2, 3].map((n) => 7_000_000 + names * 10 + n);
        const outcome = (n: number, status: Outcome['status'], completedAt = old) =>
          anOutcome(n, { status, completedAt: completedAt.toISOString() });
        const [a = 0, b = 0, c = 0] = ids;
        await inside(async (tx) => {
          await store.outcomes.put(tx, [outcome(a, 'done'), outcome(b, 'refused'), outcome(c, 'parked')]);
          await store.deadLetters.add(tx, [letter(1, { at: old }), letter(2, { at: old })]);
        });
        const [ended] = await letters();
        const end = { state: 'discarded', at: old, by: 'b', reason: 'r' } as const;
        await inside((tx) => store.operate.endLetter(tx, ended?.id ?? '', end));
        const sweep = () => inside((tx) => store.operate.sweep(tx, before, 1));
        let turns = 1;
        while (await sweep()) turns += 1;
        expect(turns).toBeGreaterThan(2);
        const left = await store.outcomes.find(store.reader('http'), ids.map(uuid));
        expect(left.map(({ status }) => status)).toEqual(['parked']);
        expect(await offsets()).toEqual([2]);
      });
    });

    it('keeps dead letters byte for byte, the first of each place', async () => {
      const raw = Buffer.from([0, 255, 10, 0]);
      const letter = (index: number, error = 'why') => ({
        ...{ group: place.group, topic: topic.name, partition: 1, offset: 9, index, at },
        ...{ raw: index === 2 ? null : raw, headers: { a: '求\u0000' }, error },
        ...{ key: null, appendedAt: at },
      });
      await inside((tx) => store.deadLetters.add(tx, [letter(-1), letter(2)]));
      await inside((tx) => store.deadLetters.add(tx, [letter(2, 'later'), letter(3)]));
      const letters = await store.deadLetters.list(store.reader('http'), 10_000);
      expect(letters.filter((one) => one.topic === topic.name)).toEqual([letter(-1), letter(2), letter(3)]);
    });

    describe('the journal', () => {
      const open3 = () => inside((tx) => store.journal.open(tx, topic));
      const stamped = (
        n: number,
        partition: number,
        seq: number,
        changes: Partial<Entry> = {},
      ): StampedEntry => ({
        ...anEntry(topic.name, n, changes),
        ...{ partition, seq, epoch: 1, previousHash: `hash ${seq - 1}`, hash: `hash ${seq}` },
      });
      const numbers = (rows: readonly StampedEntry[]): number[][] =>
        rows.map((row) => [row.partition, row.seq]);

      it('opens streams once, with the partition count of that time', async () => {
        const fresh = {
          topic: topic.name,
          partitionCount: 3,
          lastSeq: 0,
          publishedSeq: 0,
          epoch: 1,
          lastHash: genesis,
        };
        const streams = [0, 1, 2].map((partition) => ({ ...fresh, partition }));
        expect(await open3()).toEqual(streams);
        const again = await inside((tx) => store.journal.open(tx, { ...topic, partitions: 2 }));
        expect(again.map(({ partitionCount }) => partitionCount)).toEqual([3, 3, 3]);
      });

      it('gives what was told in the order told, once, at most so much', async () => {
        await open3();
        expect(await store.journal.waiting(store.reader('relay'))).not.toContain(topic.name);
        const entries = [1, 2, 3].map((n) =>
          anEntry(topic.name, n, { commandId: uuid(n), causationId: 'x' }),
        );
        await inside((tx) => store.journal.append(tx, entries));
        expect(await store.journal.waiting(store.reader('relay'))).toContain(topic.name);
        const take = (limit: number) => inside((tx) => store.journal.take(tx, topic.name, limit));
        expect(await take(2)).toMatchObject(entries.slice(0, 2));
        expect(await take(2)).toMatchObject(entries.slice(2));
        expect(await take(2)).toEqual([]);
      });

      it('keeps nothing of what a failed transaction told or took', async () => {
        await open3();
        await failing((tx) => store.journal.append(tx, [anEntry(topic.name, 1)]));
        await inside((tx) => store.journal.append(tx, [anEntry(topic.name, 2)]));
        await failing((tx) => store.journal.take(tx, topic.name, 10));
        const taken = await inside((tx) => store.journal.take(tx, topic.name, 10));
        expect(taken.map(({ eventId }) => eventId)).toEqual([uuid(2)]);
      });

      it('brings rows back as written, by stream, from a number on', async () => {
        await open3();
        const rows = [stamped(1, 0, 1), stamped(2, 0, 2), stamped(3, 2, 1), stamped(4, 0, 3)];
        await inside((tx) => store.journal.write(tx, rows));
        const slice = (partition: number, from: number, limit: number) =>
          store.journal.slice(store.reader('http'), { topic: topic.name, partition, from, limit });
        expect(await slice(0, 2, 9)).toEqual([rows[1], rows[3]]);
        expect(await slice(0, 1, 1)).toEqual([rows[0]]);
        expect(await slice(1, 1, 9)).toEqual([]);
        const streams = await store.journal.streams(store.reader('http'), topic.name);
        expect(streams.map(({ lastSeq, lastHash }) => [lastSeq, lastHash])).toEqual([
          [3, 'hash 3'],
          [0, genesis],
          [1, 'hash 1'],
        ]);
      });

      it('tells what is not published yet, in order, and never forgets what was', async () => {
        await open3();
        const rows = [1, 2, 3].flatMap((seq) => [stamped(seq, 0, seq), stamped(10 + seq, 1, seq)]);
        await inside((tx) => store.journal.write(tx, rows));
        const unpublished = async (limit: number) =>
          numbers(await store.journal.unpublished(store.reader('relay'), topic.name, limit));
        const mark = (...seqs: [number, number][]) =>
          inside((tx) => store.journal.markPublished(tx, topic.name, new Map(seqs)));
        expect(await unpublished(2)).toEqual([
          [0, 1],
          [0, 2],
          [1, 1],
          [1, 2],
        ]);
        await mark([0, 2], [1, 3]);
        await mark([0, 1]);
        expect(await unpublished(2)).toEqual([[0, 3]]);
        await mark([0, 3]);
        expect(await unpublished(2)).toEqual([]);
      });

      it('reads after a cursor, per partition in order', async () => {
        await open3();
        const rows = [1, 2, 3].flatMap((seq) => [stamped(seq, 0, seq), stamped(10 + seq, 2, seq)]);
        await inside((tx) => store.journal.write(tx, rows));
        const after = async (...cursor: number[]) =>
          numbers(await store.journal.after(store.reader('http'), topic.name, cursor, 2));
        expect(await after(0, 0, 2)).toEqual([
          [0, 1],
          [0, 2],
          [2, 3],
        ]);
        expect(await after(3, 0, 3)).toEqual([]);
      });

      it('tells the facts of one aggregate of one tenant in order', async () => {
        await open3();
        const tenant = `tenant ${process.pid} ${names}`;
        const rows = [
          stamped(1, 0, 1, { tenant, aggregateVersion: 1 }),
          stamped(2, 0, 2, { tenant, aggregateVersion: 2 }),
          stamped(3, 0, 3, { tenant, aggregateVersion: 2 }),
          stamped(4, 1, 1, { tenant, aggregateId: uuid(901) }),
          stamped(5, 0, 4, { tenant: `${tenant} other` }),
          stamped(6, 0, 5, { tenant, kind: 'command' }),
        ];
        await inside((tx) => store.journal.write(tx, rows));
        const timeline = await store.journal.timeline(store.reader('http'), tenant, uuid(900));
        expect(numbers(timeline)).toEqual([
          [0, 1],
          [0, 2],
          [0, 3],
        ]);
      });

      it('counts what waits', async () => {
        await open3();
        const before = await store.counts(store.reader('http'));
        await inside(async (tx) => {
          await store.journal.append(tx, [anEntry(topic.name, 1), anEntry(topic.name, 2)]);
          await store.journal.write(tx, [stamped(3, 0, 1), stamped(4, 1, 1), stamped(5, 1, 2)]);
          await store.journal.markPublished(tx, topic.name, new Map([[1, 1]]));
        });
        expect(await store.counts(store.reader('http'))).toEqual({
          ...before,
          unstamped: before.unstamped + 2,
          unpublished: before.unpublished + 2,
          unsentSince: expect.any(Date),
        });
      });

      it('can be prepared for the coming months any number of times, also at once', async () => {
        await Promise.all([1, 2, 3].map(() => inside((tx) => store.journal.prepare(tx))));
      });
    });
  });
};
