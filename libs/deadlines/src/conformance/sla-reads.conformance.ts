import { beforeEach, describe, expect, it } from '@jest/globals';
import { slaBands, type Budget } from '@linli/contracts';
import { HOUR, MINUTE, type Clock } from '@linli/kernel';
import { at as instantOf } from '../calendar/published.fixture.js';
import type { NewDeadline } from '../ledger/arm.js';
import { plainLadder } from '../ladder/ladder.js';
import { MemoryCalendars } from '../ledger/calendars.js';
import type { Deadline } from '../ledger/deadline.js';
import { Ledger } from '../ledger/deadlines.js';
import { CalendarImport } from '../ledger/import.js';
import { amended, armed, calendar, days, hours, rules, uuid, with2027 } from '../ledger/ledger.fixture.js';
import { alike, moveByPolicy, type PolicyChange } from '../ledger/policy.js';
import { slaOf, type Sla } from '../sla/sla.js';
import type { DeadlineStore } from '../store/deadline-store.js';
import type { SlaItemFilter, SlaPlace } from '../store/sla-reads.js';

const everywhere = { tenant: 'yuhang', areas: null };
const numbersOf = (found: readonly { readonly id: string }[]): number[] =>
  found.map(({ id }) => Number(id.slice(-4)));

/** What operators can ask of every store of deadlines. `open` gives an empty one; `clock` is its clock. */
export const slaReadsConformance = <Tx>(
  name: string,
  open: () => Promise<{ readonly store: DeadlineStore<Tx>; readonly clock: Clock }>,
): void => {
  describe(`what operators ask of deadlines on ${name}`, () => {
    let store: DeadlineStore<Tx>;
    let sla: Sla<Tx>;
    let now: number;
    const byName = new MemoryCalendars().add('city', calendar).add('default', calendar);
    const favours = { K_HANDLE: 'none', K_SIGN: 'none', K_NOTICE: 'earlier' } as const;
    const byClock = new Map(Object.entries(favours).map(([clock, favour]) => [clock, { ...rules, favour }]));

    beforeEach(async () => {
      const opened = await open();
      ({ store } = opened);
      now = opened.clock.now().getTime();
      sla = slaOf({ store, calendars: byName, rules: byClock });
    });

    const insert = (...deadlines: readonly Deadline[]): Promise<void> =>
      store.transaction((tx) => store.insert(tx, deadlines));
    /** Of ten hours, of which so many have passed. */
    const spent = (n: number, passed: number, over: Partial<NewDeadline> = {}): Deadline =>
      armed({ id: uuid(n), budget: hours(10), from: now - passed * HOUR, ...over });
    const end = (deadline: Deadline, ago: number): Deadline =>
      amended(deadline, { kind: 'end', at: now - ago * HOUR }, now).deadline;
    const read = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => work(store.reader());
    const items = (filter: Partial<SlaItemFilter> & { after?: SlaPlace | null; limit?: number } = {}) =>
      read((tx) => store.sla.items(tx, { ...everywhere, after: null, limit: 100, ...filter }, now));

    it('tells the time by its own clock', async () => {
      expect(Math.abs((await read((tx) => sla.now(tx))) - now)).toBeLessThan(MINUTE);
    });

    it('counts each queue by how much is left, and every deadline once', async () => {
      await insert(
        ...[spent(1, 11), spent(2, 9.5), spent(3, 8), spent(4, 6), spent(5, 1), spent(6, 2)],
        spent(7, 3, { unit: null }),
        spent(8, 3, { clock: 'K_SIGN' }),
        spent(9, 3, { tenant: 'other' }),
        end(spent(10, 9), 1),
      );
      const { items: queues } = await read((tx) => sla.queues(tx, everywhere));
      expect(queues.map(({ clock, unit, total }) => [clock, unit, total])).toEqual([
        ['K_HANDLE', 'housing', 6],
        ['K_HANDLE', null, 1],
        ['K_SIGN', 'housing', 1],
      ]);
      expect(queues[0]).toEqual({
        ...{ clock: 'K_HANDLE', unit: 'housing', total: 6 },
        bands: { overdue: 1, under10: 1, under25: 1, under50: 1, rest: 2 },
        suspended: { total: 0, reasons: [] },
        ...{ provisional: 0, unescalated: 1, oldest: new Date(now - 11 * HOUR).toISOString() },
        firstDue: new Date(now - HOUR).toISOString(),
      });
    });

    it('counts what stands still by its reason, and what is provisional', async () => {
      const still = (n: number, reason: string, more: object = {}): Deadline =>
        amended(spent(n, 4), { kind: 'pause', from: now - HOUR, ...more }, now - HOUR, {
          note: { by: 'k', reason },
        }).deadline;
      await insert(
        ...[still(1, 'waits for a report'), still(2, 'waits for a report'), still(3, 'flood')],
        still(4, 'over again', { until: now - MINUTE }),
        still(5, 'for a while', { until: now + MINUTE }),
        armed({ id: uuid(6), from: now, budget: days(300) }),
      );
      const [queue] = (await read((tx) => sla.queues(tx, everywhere))).items;
      expect(queue).toMatchObject({
        total: 6,
        provisional: 1,
        bands: { overdue: 0, rest: 6 },
        suspended: {
          total: 4,
          reasons: [
            { reason: 'waits for a report', count: 2 },
            { reason: 'flood', count: 1 },
            { reason: 'for a while', count: 1 },
          ],
        },
      });
      expect(numbersOf(await items({ suspended: true }))).toEqual([5, 1, 2, 3]);
      expect(numbersOf(await items({ suspended: false }))).toEqual([4, 6]);
      expect(numbersOf(await items({ provisional: true }))).toEqual([6]);
    });

    it('shows nobody more than the areas that may be seen, and narrows by clock, unit and area', async () => {
      await insert(
        spent(1, 1, { area: '330110003012' }),
        spent(2, 2, { area: '330106003012', unit: 'water' }),
        spent(3, 3, { area: null, clock: 'K_SIGN' }),
      );
      const seen = async (filter: object) => numbersOf(await items(filter));
      expect(await seen({})).toEqual([3, 2, 1]);
      expect(await seen({ areas: ['330110', '44'] })).toEqual([1]);
      expect(await seen({ area: '330106' })).toEqual([2]);
      expect(await seen({ areas: ['330110'], area: '330106' })).toEqual([]);
      expect(await seen({ unit: 'water' })).toEqual([2]);
      expect(await seen({ clock: 'K_SIGN' })).toEqual([3]);
      const limited = await read((tx) => sla.queues(tx, { tenant: 'yuhang', areas: ['330110'] }));
      expect(limited.items.map(({ total }) => total)).toEqual([1]);
    });

    it('lists what is open by due time, page by page, and last what has none', async () => {
      const still = (n: number): Deadline => amended(spent(n, 2), { kind: 'pause' }, now - HOUR).deadline;
      await insert(
        ...[spent(1, 5), spent(2, 7), spent(3, 5), still(5), still(4), spent(6, 1)],
        ...[end(spent(7, 3), 1), spent(8, 9, { tenant: 'other' })],
      );
      const seen: number[] = [];
      let after: SlaPlace | null = null;
      for (;;) {
        const page = await items({ after, limit: 2 });
        seen.push(...numbersOf(page));
        const last = page.at(-1);
        if (!last) break;
        after = { due: last.due, id: last.id };
      }
      expect(seen).toEqual([2, 1, 3, 6, 4, 5]);
    });

    it('finds for each band the deadlines that were counted in it, and for each state those in it', async () => {
      await insert(...[spent(1, 11), spent(2, 9.5), spent(3, 8), spent(4, 6), spent(5, 1)]);
      const inBands = await Promise.all(slaBands.map(async (band) => numbersOf(await items({ band }))));
      expect(inBands).toEqual([[1], [2], [3], [4], [5]]);
      for (let rung = 0; rung < 3; rung += 1) await store.sweep((tx) => store.claim(tx, 1, [uuid(1)]));
      expect(numbersOf(await items({ state: 'due' }))).toEqual([1]);
      expect(numbersOf(await items({ state: 'armed' }))).toEqual([2, 3, 4, 5]);
    });

    it('has brought back whole what it lists', async () => {
      const whole = spent(1, 4, { unit: null, area: null });
      await insert(whole);
      expect(await items()).toEqual([whole]);
    });

    it('says of each item what is left of it, by the calendar by which it is reckoned', async () => {
      const still = amended(spent(2, 4), { kind: 'pause' }, now - 2 * HOUR).deadline;
      await insert(spent(1, 4), still);
      const { items: both } = await read((tx) => sla.items(tx, { ...everywhere, after: null, limit: 9 }));
      const [first, second] = both;
      expect(first).toMatchObject({
        ...{ id: uuid(1), aggregateId: uuid(900), area: '330110003012', state: 'armed', band: 'rest' },
        ...{ suspended: null, explanation: `/v1/deadlines/${uuid(1)}/explanation` },
        remaining: { basis: 'wall', unit: 'hours' },
      });
      expect(first?.remaining.amount).toBeCloseTo(6, 1);
      expect(second).toMatchObject({
        ...{ id: uuid(2), due: null, remaining: { share: 0.8, amount: 8 } },
        suspended: { until: null, reason: 'because', since: new Date(now - 2 * HOUR).toISOString() },
      });
    });

    it('counts as unescalated what is past its due time until the aggregate heard it', async () => {
      await insert(spent(1, 11));
      const unescalated = async () => (await read((tx) => sla.clocks(tx)))[0]?.unescalated;
      expect(await unescalated()).toBe(1);
      for (let rung = 0; rung < 3; rung += 1) await store.sweep((tx) => store.claim(tx, 1, [uuid(1)]));
      expect(await unescalated()).toBe(1);
      await store.transaction((tx) => store.fired(tx, [uuid(1)]));
      expect(await unescalated()).toBe(0);
    });

    it('counts the clocks of all tenants for metrics', async () => {
      await insert(spent(1, 11), spent(2, 1, { tenant: 'other' }), spent(3, 6, { clock: 'K_SIGN' }));
      expect(await read((tx) => sla.clocks(tx))).toEqual([
        {
          clock: 'K_HANDLE',
          bands: { overdue: 1, under10: 0, under25: 0, under50: 0, rest: 1 },
          unescalated: 1,
        },
        {
          clock: 'K_SIGN',
          bands: { overdue: 0, under10: 0, under25: 0, under50: 1, rest: 0 },
          unescalated: 0,
        },
      ]);
    });

    it('tells exercises from what is real, and counts them for metrics only where nobody was told', async () => {
      const drill = { exercise: true, unit: 'street' };
      await insert(
        spent(1, 1),
        spent(2, 11, drill),
        end(spent(3, 3, drill), 1),
        spent(4, 1, { ...drill, unit: 'housing' }),
      );
      const totals = async (filter: object) =>
        (await read((tx) => sla.queues(tx, { ...everywhere, ...filter }))).items.map(
          ({ unit, total, unescalated }) => [unit, total, unescalated],
        );
      expect(await totals({ exercise: false })).toEqual([['housing', 1, 0]]);
      expect(await totals({ exercise: true })).toEqual([
        ['housing', 1, 0],
        ['street', 1, 1],
      ]);
      expect(await totals({})).toEqual([
        ['housing', 2, 0],
        ['street', 1, 1],
      ]);
      expect(numbersOf(await items({ exercise: true }))).toEqual([2, 4]);
      expect(numbersOf(await items())).toEqual([2, 1, 4]);
      const { items: shown } = await read((tx) => sla.items(tx, { ...everywhere, after: null, limit: 9 }));
      expect(shown.map(({ exercise }) => exercise)).toEqual([true, false, true]);
      const ahead = (exercise: boolean) =>
        read((tx) => sla.forecast(tx, { ...everywhere, exercise }, { hours: 1000, lookbackHours: 70 }));
      expect((await ahead(false)).items).toMatchObject([{ unit: 'housing', throughput: { ended: 0 } }]);
      expect((await ahead(true)).items).toMatchObject([
        { unit: 'housing' },
        { overdue: 1, throughput: { ended: 1 } },
      ]);
      expect(await read((tx) => sla.clocks(tx))).toEqual([
        {
          clock: 'K_HANDLE',
          bands: { overdue: 0, under10: 0, under25: 0, under50: 0, rest: 1 },
          unescalated: 1,
        },
      ]);
    });

    describe('a forecast', () => {
      const ahead = async (filter: object = {}) =>
        (
          await read((tx) =>
            sla.forecast(tx, { ...everywhere, ...filter }, { hours: 1000, lookbackHours: 70 }),
          )
        ).items;

      it('counts who is due, overdue and at risk, and names the first', async () => {
        await insert(
          ...[spent(1, 11), spent(2, 12)],
          ...Array.from({ length: 5 }, (_, n) => spent(n + 3, 10 - (n + 1) * 0.001)),
          ...Array.from({ length: 7 }, (_, n) => end(spent(n + 10, 9 * 24, { budget: hours(500) }), 1)),
        );
        const [queue] = await ahead();
        expect(queue).toMatchObject({
          ...{ clock: 'K_HANDLE', unit: 'housing', overdue: 2, waiting: 5 },
          throughput: { ended: 7, inTime: 7 },
        });
        // Due within half a minute, and each takes hours: all five come too late, the nearest first.
        expect(queue).toMatchObject({ atRisk: 5, first: { id: uuid(3) } });
        expect(queue?.throughput.perHour).toBeCloseTo(7 / (queue?.throughput.hours ?? 0));
        expect(Date.parse(queue?.first?.expected ?? '')).toBeGreaterThan(now);
      });

      it('sees nobody at risk who is due far enough ahead, and only what ends counts', async () => {
        const far = { budget: hours(1500) };
        await insert(spent(1, 1, far), end(spent(2, 30, { budget: hours(20) }), 1));
        expect(await ahead()).toMatchObject([
          { waiting: 1, atRisk: 0, first: null, throughput: { ended: 1, inTime: 0 } },
        ]);
      });

      it('is fed by counts: overdue ones of a queue stand together, the others by steps from now on', async () => {
        const dueIn = (n: number, minutes: number): Deadline => spent(n, 10 - minutes / 60);
        await insert(
          ...[dueIn(1, -90), dueIn(2, -5), dueIn(3, 0), dueIn(4, 9), dueIn(5, 10), dueIn(6, 31)],
          spent(7, 10, { unit: null }),
        );
        const horizon = { now, until: now + 30 * MINUTE, step: 10 * MINUTE };
        const counted = await read((tx) => store.sla.dueBy(tx, everywhere, horizon));
        expect(counted.map(({ unit, due, count }) => [unit, (due - now) / MINUTE, count])).toEqual([
          ['housing', -90, 2],
          ['housing', 0, 2],
          ['housing', 10, 1],
          [null, 0, 1],
        ]);
      });

      it('knows of nothing ended that no turn comes', async () => {
        await insert(spent(1, 1));
        expect(await ahead()).toMatchObject([
          { atRisk: 1, first: { id: uuid(1), expected: null }, throughput: { ended: 0, perHour: 0 } },
        ]);
        expect(await ahead({ areas: ['44'] })).toEqual([]);
      });
    });

    describe('another policy', () => {
      const changeOf = ({
        clock = 'K_HANDLE',
        budget = hours(4),
        ...more
      }: {
        clock?: string;
        unit?: string;
        budget?: Budget;
      }): PolicyChange => ({ clock, budgets: alike(budget), ...more });
      const moved = (over: Parameters<typeof changeOf>[0] = {}) =>
        read((tx) => sla.movedByPolicy(tx, everywhere, changeOf(over)));

      it('would move what is open of that clock and unit, and moves nothing', async () => {
        await insert(
          ...[spent(1, 1), spent(2, 5), end(spent(3, 5), 1)],
          spent(4, 1, { clock: 'K_SIGN' }),
          spent(5, 1, { unit: 'water' }),
          spent(6, 1, { tenant: 'other' }),
        );
        expect(await moved({ unit: 'housing' })).toEqual([
          {
            ...{ id: uuid(1), aggregateId: uuid(900), clock: 'K_HANDLE' },
            ...{ from: now + 9 * HOUR, to: now + 3 * HOUR },
          },
          {
            ...{ id: uuid(2), aggregateId: uuid(900), clock: 'K_HANDLE' },
            ...{ from: now + 5 * HOUR, to: now - HOUR },
          },
        ]);
        expect(await moved()).toHaveLength(3);
        expect(await store.find(store.reader(), 'yuhang', uuid(1))).toEqual(spent(1, 1));
      });

      it('never goes against a resident, and leaves what it cannot count', async () => {
        const owed = { clock: 'K_NOTICE', budget: hours(10) };
        const told = armed({ id: uuid(1), from: now, ...owed }, { favour: 'earlier' });
        const extended = amended(spent(2, 1), { kind: 'extend', more: hours(1) }, now).deadline;
        await insert(told, extended);
        expect(await moved({ clock: 'K_NOTICE', budget: hours(20) })).toEqual([]);
        expect(await moved({ clock: 'K_NOTICE', budget: hours(5) })).toHaveLength(1);
        expect(await moved({ budget: days(2) })).toEqual([]);
      });

      it('is made as it was foreseen: it moves what runs, keeps pauses, and leaves what was missed', async () => {
        const still = amended(spent(2, 4), { kind: 'pause', from: now - HOUR }, now - HOUR).deadline;
        const missed = { ...spent(3, 11), state: 'fired' } as const;
        const waited = amended(
          spent(4, 4),
          { kind: 'pause', until: now - 2 * HOUR },
          now - 3 * HOUR,
        ).deadline;
        await insert(
          spent(1, 1),
          still,
          missed,
          waited,
          spent(5, 1, { tenant: 'other' }),
          end(spent(6, 5), 1),
        );
        const foreseen = await moved();
        const parts = { store, calendars: byName, rules: byClock, alarm: { set: () => undefined } };
        const made = await store.transaction((tx) => {
          const handling = { tx, appendedAt: new Date(now), afterCommit: (after: () => void) => after() };
          const note = { tenant: 'yuhang', by: 'k-lead', reason: 'response policy b' };
          return moveByPolicy(parts, new Ledger(parts), handling, changeOf({}), note);
        });
        expect(made).toEqual(foreseen);
        expect(made).toMatchObject([
          { id: uuid(1), from: now + 9 * HOUR, to: now + 3 * HOUR },
          { id: uuid(4), from: now + 7 * HOUR, to: now + HOUR },
        ]);
        const after = (n: number, tenant = 'yuhang') => store.find(store.reader(), tenant, uuid(n));
        expect(await after(2)).toMatchObject({
          ...{ due: null, budget: hours(4), suspensions: still.suspensions },
        });
        expect(await after(4)).toMatchObject({ due: now + HOUR, suspensions: waited.suspensions });
        expect(await after(3)).toEqual(missed);
        expect(await after(5, 'other')).toEqual(spent(5, 1, { tenant: 'other' }));
        expect(await store.ledger(store.reader(), uuid(1))).toMatchObject([
          { kind: 'change', by: 'k-lead', reason: 'response policy b', adopted: true, due: now + 3 * HOUR },
        ]);
      });

      it('goes through all of them, however many, and knows no clock that nobody named', async () => {
        await insert(...Array.from({ length: 1_003 }, (_, n) => spent(n + 1, 1)));
        expect(await moved()).toHaveLength(1_003);
        expect(await moved({ clock: 'K_MOON' })).toMatchObject({
          code: 'SLA_CLOCK_UNKNOWN',
          detail: 'There is no clock "K_MOON"; there are: K_HANDLE, K_NOTICE, K_SIGN.',
        });
      });
    });

    it('are kept right by an import that moves only the instants on the way', async () => {
      const plain = { favour: 'none', ladder: plainLadder('K_HANDLE') } as const;
      const deadline = armed({ id: uuid(1), budget: days(5), from: instantOf('2026-12-30 10:00') }, plain);
      expect(deadline.leftAt.half).toBe(instantOf('2027-01-04 14:30'));
      await insert(deadline);
      const shifted = with2027(['2027-01-04'], ['2027-01-02']);
      const calendars = new MemoryCalendars().add('city', calendar).add('city', shifted);
      const parts = {
        store,
        calendars,
        rules: new Map([['K_HANDLE', plain]]),
        alarm: { set: () => undefined },
      };
      const change = { tenant: 'yuhang', calendar: 'city', units: [], from: calendar, to: shifted };
      expect(await new CalendarImport(parts, new Ledger(parts)).recompute(change)).toMatchObject({
        moved: 0,
      });
      const [moved] = await items();
      expect(moved).toMatchObject({ due: deadline.due, leftAt: { half: instantOf('2027-01-02 14:30') } });
    });
  });
};
