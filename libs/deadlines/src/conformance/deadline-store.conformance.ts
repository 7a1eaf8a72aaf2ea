import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DeadlineReached } from '@linli/contracts';
import { at as instantOf } from '../calendar/published.fixture.js';
import type { Clock } from '@linli/kernel';
import type { Amendment } from '../ledger/amendment.js';
import type { NewDeadline } from '../ledger/arm.js';
import { MemoryCalendars } from '../ledger/calendars.js';
import type { Deadline } from '../ledger/deadline.js';
import { Ledger, type LedgerParts } from '../ledger/deadlines.js';
import { CalendarImport } from '../ledger/import.js';
import type { AmendOrder, Changed } from '../ledger/orders.js';
import { aNewDeadline, calendar, days, escalating, hours, uuid, with2027 } from '../ledger/ledger.fixture.js';
import type { Claim, DeadlineStore } from '../store/deadline-store.js';

const note = { by: 'k-lead', reason: 'because' };
const SECOND = 1_000;
const HOUR = 3_600_000;

/** What every store of deadlines promises. `open` gives an empty one; `now` is its clock. */
export const deadlineStoreConformance = <Tx>(
  name: string,
  open: () => Promise<{ readonly store: DeadlineStore<Tx>; readonly clock: Clock }>,
): void => {
  describe(`the store of deadlines on ${name}`, () => {
    let store: DeadlineStore<Tx>;
    let ledger: Ledger<Tx>;
    let imports: CalendarImport<Tx>;
    let calendars: MemoryCalendars;
    let now: number;
    const rung: string[] = [];

    beforeEach(async () => {
      const opened = await open();
      ({ store } = opened);
      now = opened.clock.now().getTime();
      calendars = new MemoryCalendars().add('city', calendar);
      rung.length = 0;
      const favours = { K_HANDLE: 'none', K_NOTICE: 'earlier', K_RVWIN: 'later' } as const;
      const rules = new Map(
        Object.entries(favours).map(([clock, favour]) => [clock, { favour, ladder: escalating }]),
      );
      const alarm = {
        set: (times: readonly { deadlineId: string }[]) => void rung.push(...times.map((t) => t.deadlineId)),
      };
      const parts: LedgerParts<Tx> = { store, calendars, rules, alarm };
      ledger = new Ledger(parts);
      imports = new CalendarImport(parts, ledger);
    });

    /** One command handler's transaction. */
    const handled = async <T>(
      work: (handling: Parameters<Ledger<Tx>['arm']>[0]) => Promise<T>,
      appendedAt = now,
    ): Promise<T> => {
      const after: (() => void)[] = [];
      const result = await store.transaction((tx) =>
        work({ tx, appendedAt: new Date(appendedAt), afterCommit: (one) => void after.push(one) }),
      );
      for (const one of after) one();
      return result;
    };
    const done = (changed: Changed): readonly Deadline[] => {
      if ('refusal' in changed) throw new Error(changed.refusal.code);
      return changed.deadlines;
    };
    const arm = async (...wanted: Partial<NewDeadline>[]): Promise<readonly Deadline[]> =>
      done(
        await handled((handling) =>
          ledger.arm(
            handling,
            wanted.map((one) => aNewDeadline({ from: now, ...one })),
            note,
          ),
        ),
      );
    const amend = async (n: number, amendment: Amendment, appendedAt = now): Promise<Deadline> => {
      const changed = await handled(
        (handling) => ledger.amend(handling, 'yuhang', [uuid(n)], amendment, note),
        appendedAt,
      );
      return done(changed)[0] as Deadline;
    };
    const find = (n: number): Promise<Deadline | null> => store.find(store.reader(), 'yuhang', uuid(n));
    const claim = (limit = 500, id?: string): Promise<readonly Claim[]> =>
      store.sweep((tx) => store.claim(tx, limit, id === undefined ? undefined : [id]));
    const told = (claims: readonly Claim[]): string[] =>
      claims.map((one) => `${Number(one.deadlineId.slice(-4))} ${one.name}`);
    const reachedBy = (one: Claim): DeadlineReached => ({
      ...one,
      at: new Date(one.at).toISOString(),
      due: one.due === null ? null : new Date(one.due).toISOString(),
      reachedAt: new Date(one.claimedAt).toISOString(),
    });
    const hear = (one: Claim): Promise<Deadline | null> =>
      handled(({ tx }) => ledger.reached({ tx }, 'yuhang', reachedBy(one)));

    describe('keeping', () => {
      it('brings everything back that it was given, many at once', async () => {
        const wanted = Array.from({ length: 300 }, (_, n) => ({
          id: uuid(n + 1),
          aggregateId: uuid(900 + n),
          area: n % 2 ? null : '33',
          unit: null,
        }));
        const armed = await arm(...wanted);
        expect(armed).toHaveLength(300);
        expect(await find(1)).toEqual(armed[0]);
        expect(await find(300)).toEqual(armed[299]);
        expect(await find(301)).toBeNull();
        expect(await store.find(store.reader(), 'other', uuid(1))).toBeNull();
      });

      it('refuses an id that is there, and leaves nothing of what came with it', async () => {
        await arm({ id: uuid(1) });
        await expect(arm({ id: uuid(2) }, { id: uuid(1) })).rejects.toThrow();
        expect(await find(2)).toBeNull();
      });

      it('commits with the aggregate or not at all', async () => {
        await arm({});
        const failing = handled(async (handling) => {
          await ledger.amend(handling, 'yuhang', [uuid(1)], { kind: 'pause' }, note);
          throw new Error('changed its mind');
        });
        await expect(failing).rejects.toThrow('changed its mind');
        expect(await find(1)).toMatchObject({ version: 1, suspensions: [] });
        expect(await store.ledger(store.reader(), uuid(1))).toHaveLength(1);
      });

      it('keeps every change with who, why and when, and the deadline that comes out', async () => {
        await arm({ budget: hours(10) });
        await amend(1, { kind: 'pause' }, now + HOUR);
        await amend(1, { kind: 'resume' }, now + 3 * HOUR);
        await amend(1, { kind: 'extend', more: hours(2) }, now + 4 * HOUR);
        const last = await amend(1, { kind: 'change', unit: 'water' }, now + 5 * HOUR);
        expect(await find(1)).toEqual(last);
        expect(last).toMatchObject({ version: 5, due: now + 14 * HOUR, unit: 'water' });
        const entries = await store.ledger(store.reader(), uuid(1));
        expect(
          entries.map(({ version, kind, at, due }) => [version, kind, at - now, due && due - now]),
        ).toEqual([
          [1, 'arm', 0, 10 * HOUR],
          [2, 'pause', HOUR, null],
          [3, 'resume', 3 * HOUR, 12 * HOUR],
          [4, 'extend', 4 * HOUR, 14 * HOUR],
          [5, 'change', 5 * HOUR, 14 * HOUR],
        ]);
        expect(entries[3]).toMatchObject({ ...note, body: { more: hours(2) }, adopted: true });
      });

      it('shows all deadlines of an aggregate in the order of their start', async () => {
        await arm(
          { id: uuid(2), from: now + 5 },
          { id: uuid(1), from: now + 9 },
          { id: uuid(3), aggregateId: uuid(901) },
        );
        const found = await store.of(store.reader(), 'yuhang', uuid(900));
        expect(found.map(({ id }) => id)).toEqual([uuid(2), uuid(1)]);
      });

      it('changes all or none when one of them may not be changed', async () => {
        await arm({ id: uuid(1) }, { id: uuid(2) });
        await amend(2, { kind: 'end' });
        const both = await handled((handling) =>
          ledger.amend(handling, 'yuhang', [uuid(1), uuid(2)], { kind: 'pause' }, note),
        );
        expect(both).toMatchObject({ refusal: { code: 'DEADLINE_ENDED' } });
        expect(await find(1)).toMatchObject({ version: 1 });
      });

      it('knows no calendar that nobody named', async () => {
        const refused = await handled((handling) =>
          ledger.arm(handling, [aNewDeadline({ calendar: 'moon' })], note),
        );
        expect(refused).toMatchObject({ refusal: { code: 'DEADLINE_CALENDAR_UNKNOWN' } });
      });

      it('writes what several commands wanted together, each change at its own time and in its own name', async () => {
        const order = (n: number, by: string, over: Partial<AmendOrder> & Pick<AmendOrder, 'amendment'>) => ({
          ...{ tenant: 'yuhang', id: uuid(n), at: new Date(now + n * HOUR), note: { by, reason: 'so' } },
          ...over,
        });
        await handled((handling) =>
          ledger.armAll(
            handling,
            [1, 2, 3].map((n) => ({
              deadline: aNewDeadline({ id: uuid(n), from: now, tenant: n === 3 ? 'other' : 'yuhang' }),
              at: new Date(now + n),
              note: { by: `k-${n}`, reason: 'began' },
            })),
          ),
        );
        const changed = await handled((handling) =>
          ledger.amendAll(handling, [
            order(1, 'k-a', { amendment: { kind: 'pause' } }),
            order(2, 'k-b', { amendment: { kind: 'end' } }),
            order(1, 'k-c', { at: new Date(now + 4 * HOUR), amendment: { kind: 'end' } }),
            order(3, 'k-d', { tenant: 'other', amendment: { kind: 'pause' } }),
            order(9, 'k-e', { amendment: { kind: 'end' } }),
          ]),
        );
        expect(done(changed)).toHaveLength(3);
        expect(await find(1)).toMatchObject({ version: 3, state: 'cancelled', endedAt: now + 4 * HOUR });
        expect(await find(2)).toMatchObject({ version: 2, endedAt: now + 2 * HOUR });
        expect(await store.find(store.reader(), 'other', uuid(3))).toMatchObject({ version: 2, due: null });
        const entries = await store.ledger(store.reader(), uuid(1));
        expect(entries.map(({ version, kind, at, by }) => [version, kind, at - now, by])).toEqual([
          [1, 'arm', 1, 'k-1'],
          [2, 'pause', HOUR, 'k-a'],
          [3, 'end', 4 * HOUR, 'k-c'],
        ]);
      });

      it('writes nothing over a version that it did not lock', async () => {
        const [deadline] = await arm({});
        const late = { deadline: { ...(deadline as Deadline), version: 3 }, before: 2 };
        await expect(store.transaction((tx) => store.save(tx, [late]))).rejects.toThrow('locked');
      });

      it('explains a deadline by its ledger', async () => {
        await arm({ budget: hours(1) });
        expect(await ledger.explain(store.reader(), 'yuhang', uuid(1), new Date(now))).toMatchObject({
          due: now + HOUR,
          intervals: [{ kind: 'counted', from: now, to: now + HOUR }],
        });
        expect(await ledger.explain(store.reader(), 'other', uuid(1), new Date(now))).toBeNull();
      });

      it('wakes only for what comes within two hours, after the commit', async () => {
        await arm({ id: uuid(1), budget: hours(3) }, { id: uuid(2), budget: hours(5) });
        expect(rung).toEqual([uuid(1)]);
      });
    });

    describe('firing', () => {
      /** Of ten hours: the first rung after five, the due time after ten. */
      const ago = (ms: number): Partial<NewDeadline> => ({ budget: hours(10), from: now - ms });

      it('takes nothing early', async () => {
        await arm({ id: uuid(1), ...ago(5 * HOUR - 60 * SECOND) });
        expect(await store.ripe(store.reader())).toBe(false);
        expect(await claim()).toEqual([]);
        expect(await claim(1, uuid(1))).toEqual([]);
        const remaining = (await store.remaining(store.reader(), [uuid(1)])).get(uuid(1));
        expect(remaining).toBeGreaterThan(30 * SECOND);
        expect(remaining).toBeLessThanOrEqual(60 * SECOND);
      });

      it('takes each rung once, oldest first, one of a deadline at a time', async () => {
        await arm(
          { id: uuid(1), ...ago(8 * HOUR) },
          { id: uuid(2), ...ago(5 * HOUR) },
          { id: uuid(3), ...ago(11 * HOUR) },
        );
        expect(await store.ripe(store.reader())).toBe(true);
        expect(told(await claim(2))).toEqual(['3 half', '1 half']);
        expect(told(await claim())).toEqual(['3 most', '1 most', '2 half']);
        expect(told(await claim())).toEqual(['3 due']);
        expect(await claim()).toEqual([]);
        expect((await find(3))?.state).toBe('due');
        expect((await find(1))?.state).toBe('armed');
      });

      it('tells what was reached, when, and when the next one is', async () => {
        await arm({ id: uuid(1), ...ago(9 * HOUR) });
        await claim();
        const [taken] = await claim(1, uuid(1));
        expect(taken).toMatchObject({
          ...{
            deadlineId: uuid(1),
            tenant: 'yuhang',
            aggregateId: uuid(900),
            clock: 'K_HANDLE',
            version: 1,
            round: 0,
          },
          ...{ rung: 1, name: 'most', level: 0, at: now - HOUR, due: now + HOUR },
        });
        expect(taken?.claimedAt).toBeGreaterThanOrEqual(now);
        expect(Math.abs((taken?.nextInMs ?? 0) - HOUR)).toBeLessThan(60 * SECOND);
        expect(await store.upcoming(store.reader(), 2 * HOUR, 10)).toMatchObject([
          { deadlineId: uuid(1), rung: 2, version: 1 },
        ]);
        expect(await store.upcoming(store.reader(), HOUR / 2, 10)).toEqual([]);
      });

      it('is over once the aggregate heard it, and escalates on until it is ended', async () => {
        await arm({ id: uuid(1), ...ago(25 * HOUR) });
        const taken = [...(await claim()), ...(await claim()), ...(await claim()), ...(await claim())];
        expect(told(taken)).toEqual(['1 half', '1 most', '1 due', '1 yellow']);
        expect(taken[3]?.level).toBe(1);
        expect((await hear(taken[0] as Claim))?.state).toBe('due');
        expect((await hear(taken[2] as Claim))?.state).toBe('fired');
        expect((await find(1))?.state).toBe('fired');
        await amend(1, { kind: 'end' });
        expect(await hear(taken[3] as Claim)).toBeNull();
        expect(await find(1)).toMatchObject({ state: 'fired', endedAt: now });
        expect(await claim()).toEqual([]);
      });

      it('says nothing of a deadline that ended in time before the firing was heard', async () => {
        await arm({ id: uuid(1), ...ago(10 * HOUR) });
        const [, , due] = [...(await claim()), ...(await claim()), ...(await claim())];
        const ended = await amend(1, { kind: 'end' }, now - SECOND);
        expect(ended).toMatchObject({ state: 'cancelled', endedAt: now - SECOND });
        expect(await hear(due as Claim)).toBeNull();
      });

      it('says nothing of a rung that was moved into the future, and reaches it anew', async () => {
        await arm({ id: uuid(1), ...ago(10 * HOUR) });
        const [half, most, due] = [...(await claim()), ...(await claim()), ...(await claim())];
        const longer = await amend(1, { kind: 'extend', more: hours(1) }, now - SECOND);
        expect(longer).toMatchObject({ state: 'armed', next: 2, round: 1, due: now + HOUR });
        expect(await hear(due as Claim)).toBeNull();
        expect((await hear(most as Claim))?.version).toBe(2);
        expect((await hear(half as Claim))?.version).toBe(2);
        await amend(1, { kind: 'change', budget: hours(1) });
        expect((await claim()).map((one) => [one.name, one.round, one.version])).toEqual([['due', 1, 3]]);
      });

      it('does not take what stands still', async () => {
        await arm({ id: uuid(1), budget: hours(10), from: now - 6 * HOUR });
        await amend(1, { kind: 'pause', from: now - 2 * HOUR });
        expect(await claim()).toEqual([]);
        expect(await store.remaining(store.reader(), [uuid(1)])).toEqual(new Map());
        const resumed = await amend(1, { kind: 'resume' });
        expect(resumed.due).toBe(now + 6 * HOUR);
      });

      it('counts what is overdue, and what the aggregate has not answered', async () => {
        await arm({ id: uuid(1), ...ago(10 * HOUR + 120 * SECOND) }, { id: uuid(2), budget: hours(10) });
        const before = await store.figures(store.reader());
        expect(before).toMatchObject({ armed: 2, overdue: 1, undecided: 0 });
        expect(before.overdueMs).toBeGreaterThan(5 * HOUR);
        await claim();
        await claim();
        await claim();
        expect(await store.figures(store.reader())).toEqual({
          armed: 1,
          overdue: 0,
          overdueMs: 0,
          undecided: 1,
          provisional: 0,
        });
      });

      it('counts what reaches into a year without a calendar, until it ends', async () => {
        await arm({ id: uuid(1), budget: days(40), from: instantOf('2026-12-01 10:00') });
        expect((await store.figures(store.reader())).provisional).toBe(1);
        await amend(1, { kind: 'end' });
        expect((await store.figures(store.reader())).provisional).toBe(0);
      });
    });

    describe('an imported calendar', () => {
      const restful = with2027(['2027-01-01', '2027-01-04', '2027-01-05']);
      const over = { budget: days(5), from: instantOf('2026-12-30 10:00') };
      const change = { tenant: 'yuhang', calendar: 'city', units: [], from: calendar, to: restful };
      const dueOf = async (n: number): Promise<number | null | undefined> => (await find(n))?.due;
      const kept = instantOf('2027-01-06 18:00');
      const later = instantOf('2027-01-11 18:00');

      beforeEach(async () => {
        await arm(
          { id: uuid(1), ...over },
          { id: uuid(2), ...over, clock: 'K_NOTICE' },
          { id: uuid(3), ...over, clock: 'K_RVWIN' },
          { id: uuid(4), budget: days(2), from: instantOf('2026-12-01 10:00') },
          {
            id: uuid(5),
            budget: { basis: 'wall', amount: 9_000, unit: 'hours' },
            from: instantOf('2026-12-30 10:00'),
          },
          { id: uuid(6), ...over, tenant: 'other' },
        );
        calendars.add('city', restful);
      });

      it('says beforehand what it would move, and moves nothing', async () => {
        expect(await imports.moving(store.reader(), change, 2)).toEqual([
          { id: uuid(1), aggregateId: uuid(900), clock: 'K_HANDLE', from: kept, to: later },
          { id: uuid(3), aggregateId: uuid(900), clock: 'K_RVWIN', from: kept, to: later },
        ]);
        expect(await dueOf(1)).toBe(kept);
        expect((await find(1))?.calendarSeen).toBe('published');
      });

      it('moves what reaches into it, never against a resident, and makes it firm', async () => {
        expect(await imports.recompute(change, 2)).toEqual({
          weighed: 3,
          moved: 2,
          firm: 3,
        });
        expect([await dueOf(1), await dueOf(2), await dueOf(3)]).toEqual([later, kept, later]);
        expect(await find(2)).toMatchObject({
          provisional: false,
          calendarVersion: 'published',
          calendarSeen: restful.version,
        });
        expect(await find(4)).toMatchObject({ version: 1, calendarSeen: 'published' });
        const entries = await store.ledger(store.reader(), uuid(1));
        expect(entries[1]).toMatchObject({ kind: 'import', by: 'system', due: later });
        expect((await store.find(store.reader(), 'other', uuid(6)))?.due).toBe(kept);
      });

      it('goes on where it stopped, and has nothing to do the second time', async () => {
        const all = {
          ...change,
          from: instantOf('2027-01-01 00:00'),
          after: '',
          limit: 1,
          unseen: restful.version,
        };
        const [first] = (await store.transaction((tx) => store.reached(tx, all))).deadlines;
        await store.transaction((tx) => store.seen(tx, [first?.id ?? ''], restful.version));
        expect((await imports.recompute(change)).weighed).toBe(2);
        expect(await imports.recompute(change)).toEqual({ weighed: 0, moved: 0, firm: 0 });
      });

      it('moves them in the transaction of the import, or not at all', async () => {
        const failing = handled(async (handling) => {
          await imports.move(handling, change);
          throw new Error('changed its mind');
        });
        await expect(failing).rejects.toThrow('changed its mind');
        expect(await dueOf(1)).toBe(kept);
        const moves = await handled((handling) => imports.move(handling, change, 1));
        expect(moves.map(({ id }) => id)).toEqual([uuid(1), uuid(3)]);
        expect([await dueOf(1), await dueOf(2), await dueOf(3)]).toEqual([later, kept, later]);
      });

      it('that is the default is that of all units without one of their own', async () => {
        const moved = async (units: string[]) =>
          (await imports.moving(store.reader(), { ...change, calendar: 'default', units })).map(
            ({ id }) => id,
          );
        expect(await moved([])).toEqual([uuid(1), uuid(3)]);
        expect(await moved(['city'])).toEqual([]);
      });

      it('does nothing when nothing changed', async () => {
        expect(await imports.recompute({ ...change, to: calendar })).toEqual({
          weighed: 0,
          moved: 0,
          firm: 0,
        });
        expect(await imports.moving(store.reader(), { ...change, to: calendar })).toEqual([]);
      });
    });
  });
};
