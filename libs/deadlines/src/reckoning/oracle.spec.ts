import { describe, expect, it } from '@jest/globals';
import { OfficeHours, type Budget } from '@linli/contracts';
import { MINUTE, shanghaiDayOf, startOfShanghaiDay } from '@linli/kernel';
import * as fc from 'fast-check';
import { at, publishedCalendar } from '../calendar/published.fixture.js';
import type { WorkingCalendar } from '../calendar/working-calendar.js';
import { explain } from './explain.js';
import type { Terms } from './reckon.js';

const seasonal = OfficeHours.parse({
  windows: [
    ['08:30', '12:00'],
    ['13:30', '17:30'],
  ],
  seasons: [
    {
      from: '06-01',
      to: '09-30',
      windows: [
        ['08:00', '12:00'],
        ['15:00', '18:00'],
      ],
    },
    { from: '12-01', to: '02-28', windows: [['09:00', '16:00']] },
  ],
});
const calendars: Record<string, WorkingCalendar> = {
  usual: publishedCalendar(),
  seasonal: publishedCalendar(seasonal),
  always: publishedCalendar(OfficeHours.parse({ windows: [['09:00', '12:00']], always: true })),
};

const clockMinute = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const openMinutes = (calendar: WorkingCalendar, day: number): Set<number> =>
  new Set(
    calendar
      .day(day)
      .windows.flatMap(([from, to]) =>
        Array.from({ length: clockMinute(to) - clockMinute(from) }, (_, n) => clockMinute(from) + n),
      ),
  );
const isOpenIn = (calendar: WorkingCalendar): ((instant: number) => boolean) => {
  let [day, open] = [-1, new Set<number>()];
  return (instant) => {
    const now = shanghaiDayOf(instant);
    if (now !== day) [day, open] = [now, openMinutes(calendar, now)];
    return open.has((instant - startOfShanghaiDay(day)) / MINUTE);
  };
};

/** Walks minute by minute: slow, and too simple to be wrong in the same way. */
const walked = ({ budget, from, suspensions }: Terms, calendar: WorkingCalendar): number => {
  const isOpen = isOpenIn(calendar);
  let left = budget.amount * (budget.unit === 'hours' ? 60 : budget.unit === 'days' ? 1440 : 1);
  for (let minute = from; ; minute += MINUTE) {
    if (left === 0) return minute;
    const paused = suspensions.some((one) => one.from <= minute && minute < (one.to ?? Infinity));
    const counts = budget.basis !== 'working' || isOpen(minute);
    if (!paused && counts) left -= 1;
  }
};

const instant = (from: string, to: string): fc.Arbitrary<number> =>
  fc.integer({ min: at(from) / MINUTE, max: at(to) / MINUTE }).map((minute) => minute * MINUTE);
const suspension = instant('2025-01-10 00:00', '2026-11-01 00:00').chain((from) =>
  fc.integer({ min: 1, max: 6000 }).map((minutes) => ({ from, to: from + minutes * MINUTE, reason: 'r' })),
);
const near = (from: number): fc.Arbitrary<Terms['suspensions']> =>
  fc.array(
    fc
      .tuple(fc.integer({ min: -600, max: 8000 }), fc.integer({ min: 1, max: 3000 }))
      .map(([start, length]) => ({
        from: from + start * MINUTE,
        to: from + (start + length) * MINUTE,
        reason: 'r',
      })),
    { maxLength: 4 },
  );
const timed = instant('2025-01-02 00:00', '2026-10-20 00:00').chain((from) =>
  fc.record({
    budget: fc.oneof(
      fc.record({
        basis: fc.constantFrom<Budget['basis']>('working', 'wall'),
        amount: fc.integer({ min: 1, max: 4000 }),
        unit: fc.constant<Budget['unit']>('minutes'),
      }),
      fc.record({
        basis: fc.constantFrom<Budget['basis']>('working', 'wall'),
        amount: fc.integer({ min: 1, max: 60 }),
        unit: fc.constant<Budget['unit']>('hours'),
      }),
    ),
    from: fc.constant(from),
    suspensions: near(from),
    roll: fc.boolean(),
  }),
);
const dated = instant('2025-01-02 00:00', '2026-10-20 00:00').chain((from) =>
  fc.record({
    budget: fc.record({
      basis: fc.constantFrom<Budget['basis']>('working', 'calendar'),
      amount: fc.integer({ min: 1, max: 40 }),
      unit: fc.constant<Budget['unit']>('days'),
    }),
    from: fc.constant(from),
    suspensions: fc.array(suspension, { maxLength: 2 }),
    roll: fc.boolean(),
  }),
);
const named = fc.constantFrom(...Object.keys(calendars));
const secondsOf = (intervals: readonly { from: number; to: number }[]): number =>
  intervals.reduce((sum, { from, to }) => sum + to - from, 0) / 1000;

describe('a reckoned deadline', () => {
  it('is where walking minute by minute arrives', () => {
    fc.assert(
      fc.property(named, timed, (name, terms) => {
        const calendar = calendars[name] as WorkingCalendar;
        expect(explain(terms, calendar).due).toBe(walked(terms, calendar));
      }),
      { numRuns: 300 },
    );
  });

  it('in days is the end of the n-th day that counts, walked day by day', () => {
    fc.assert(
      fc.property(named, dated, (name, { budget, from, roll }) => {
        const terms = { budget, from, roll, suspensions: [] };
        const calendar = calendars[name] as WorkingCalendar;
        let day = shanghaiDayOf(from);
        for (let left = budget.amount; left > 0;) {
          day += 1;
          if (budget.basis === 'calendar' || calendar.day(day).working) left -= 1;
        }
        const { unrolledDue, due } = explain(terms, calendar);
        const isWorking = budget.basis === 'working';
        expect(unrolledDue).toBe(isWorking ? calendar.closeOf(day) : startOfShanghaiDay(day + 1));
        if (isWorking) return;
        if (roll) while (!calendar.day(day).working) day += 1;
        expect(due).toBe(startOfShanghaiDay(day + 1));
      }),
      { numRuns: 300 },
    );
  });

  it('is explained by intervals without a gap from the event to the due time, which sum to the budget', () => {
    fc.assert(
      fc.property(named, fc.oneof(timed, dated), (name, terms) => {
        const calendar = calendars[name] as WorkingCalendar;
        const { due, intervals } = explain(terms, calendar);
        expect(intervals[0]?.from).toBe(terms.from);
        expect(intervals.at(-1)?.to).toBe(due);
        intervals.slice(1).forEach((one, n) => expect(one.from).toBe(intervals[n]?.to));
        const { basis, unit, amount } = terms.budget;
        const spent = secondsOf(intervals.filter(({ kind }) => kind === 'counted'));
        if (unit !== 'days') expect(spent).toBe(amount * (unit === 'hours' ? 3600 : 60));
        else if (basis === 'calendar') expect(spent).toBe(amount * 86_400);
      }),
      { numRuns: 300 },
    );
  });

  it('never moves nearer by a suspension, nor by a later event', () => {
    fc.assert(
      fc.property(named, fc.oneof(timed, dated), suspension, (name, terms, more) => {
        const calendar = calendars[name] as WorkingCalendar;
        const due = explain(terms, calendar).due ?? 0;
        const suspensions = [...terms.suspensions, more];
        expect(explain({ ...terms, suspensions }, calendar).due ?? 0).toBeGreaterThanOrEqual(due);
        const later = { ...terms, from: terms.from + 17 * MINUTE };
        expect(explain(later, calendar).due ?? 0).toBeGreaterThanOrEqual(due);
      }),
      { numRuns: 200 },
    );
  });
});
