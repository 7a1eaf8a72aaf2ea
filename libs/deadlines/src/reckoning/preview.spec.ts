import { describe, expect, it } from '@jest/globals';
import { OfficeHours, PreviewOrder, type DeadlinePreview } from '@linli/contracts';
import type { Refusal } from '@linli/kernel';
import * as fc from 'fast-check';
import { publishedCalendar } from '../calendar/published.fixture.js';
import type { WorkingCalendar } from '../calendar/working-calendar.js';
import { previewOf } from './preview.js';

const calendar = publishedCalendar();
const NOW = new Date('2026-09-24T00:00:00+08:00');
const ask = (order: object, now = NOW, by: WorkingCalendar = calendar): DeadlinePreview | Refusal =>
  previewOf(PreviewOrder.parse({ basis: 'working', amount: 15, unit: 'days', ...order }), by, now);
const previewed = (order: object, now = NOW, by = calendar): DeadlinePreview => {
  const answer = ask(order, now, by);
  if ('kind' in answer) throw new Error(answer.code);
  return answer;
};
const countedSeconds = ({ intervals }: DeadlinePreview): number =>
  intervals.filter(({ kind }) => kind === 'counted').reduce((sum, { seconds }) => sum + seconds, 0);
const pause = (from: string, to: string | null) => ({ from, to, reason: 'appraisal' });

describe('a previewed deadline', () => {
  it('says when it is due, and every interval until then', () => {
    const preview = previewed({
      from: '2026-09-25T16:40:00+08:00',
      suspensions: [pause('2026-10-09T09:00:00+08:00', '2026-10-12T12:00:00+08:00')],
    });
    expect(preview).toMatchObject({ provisional: false, calendarVersion: 'published' });
    expect(preview.due).toBe('2026-10-27T10:00:00.000Z');
    expect(preview.unrolledDue).toBe(preview.due);
    expect(countedSeconds(preview)).toBe(15 * 7 * 3600);
    expect(preview.remainingSeconds).toBe(15 * 7 * 3600);
    expect(preview.intervals[0]).toEqual({
      ...{ from: '2026-09-25T08:40:00.000Z', to: '2026-09-25T16:00:00.000Z' },
      ...{ kind: 'skipped', reason: 'day of the event', seconds: 26_400 },
    });
    expect(
      preview.intervals.filter(({ kind }) => kind === 'suspended').map(({ seconds }) => seconds),
    ).toEqual([...[3 * 3600, 4 * 3600, 3 * 3600, 4 * 3600, 3 * 3600]]);
    expect(preview.intervals.some(({ reason }) => reason === 'make-up day (国庆节)')).toBe(false);
    expect(preview.intervals.at(-1)?.to).toBe(preview.due);
  });

  it('has less and less time left, and none after it', () => {
    const order = { unit: 'hours', amount: 7, from: '2026-09-28T09:00:00+08:00' };
    const left = (now: string) => previewed(order, new Date(now)).remainingSeconds;
    expect(left('2026-09-28T11:00:00+08:00')).toBe(5 * 3600);
    expect(left('2026-09-28T13:00:00+08:00')).toBe(4 * 3600);
    expect(left('2026-09-28T18:00:00+08:00')).toBe(0);
    expect(left('2027-09-28T18:00:00+08:00')).toBe(0);
  });

  it('stands still while something is open: no due time, the intervals until now, what would be left', () => {
    const order = {
      ...{ unit: 'hours', amount: 7, from: '2026-09-28T09:00:00+08:00' },
      suspensions: [pause('2026-09-28T10:00:00+08:00', null)],
    };
    const preview = previewed(order, new Date('2026-09-28T15:00:00+08:00'));
    expect(preview).toMatchObject({ due: null, unrolledDue: null, remainingSeconds: 6 * 3600 });
    expect(preview.intervals.map(({ kind, seconds }) => [kind, seconds])).toEqual([
      ['counted', 3600],
      ['suspended', 2 * 3600],
      ['skipped', 2 * 3600],
      ['suspended', 3600],
    ]);
    const early = previewed(order, NOW);
    expect(early).toMatchObject({ due: null, remainingSeconds: 6 * 3600 });
    expect(early.intervals).toHaveLength(1);
  });

  it('is provisional in a year of which nothing is known', () => {
    expect(previewed({ from: '2026-12-28T10:00:00+08:00' }).provisional).toBe(true);
  });

  it('is refused beyond what calendars cover, and where its explanation would be a book', () => {
    const codes = [
      { from: '1999-12-01T00:00:00+08:00' },
      { from: '2190-12-01T00:00:00+08:00' },
      { from: '2026-01-01T00:00:00+08:00', amount: 100_000 },
      { from: '2026-01-01T00:00:00+08:00', amount: 2000, basis: 'wall' },
      {
        from: '2026-01-01T00:00:00+08:00',
        suspensions: [pause('2026-01-05T00:00:00+08:00', '2033-01-05T00:00:00+08:00')],
      },
    ].map((order) => ask(order));
    expect(codes).toMatchObject([
      { code: 'CAL_OUT_OF_REACH' },
      { code: 'CAL_OUT_OF_REACH' },
      { code: 'CAL_OUT_OF_REACH' },
      { code: 'CAL_TOO_FAR' },
      { code: 'CAL_TOO_FAR' },
    ]);
  });
});

const calendars: Readonly<Record<string, WorkingCalendar>> = {
  usual: calendar,
  seasonal: publishedCalendar(
    OfficeHours.parse({
      windows: [['08:30', '12:00']],
      seasons: [{ from: '06-01', to: '09-30', windows: [['08:00', '11:00']] }],
    }),
  ),
  always: publishedCalendar(OfficeHours.parse({ always: true })),
};
const MINUTE = 60_000;
const moment = fc
  .integer({ min: Date.parse('2025-01-02') / MINUTE, max: Date.parse('2027-12-01') / MINUTE })
  .map((minute) => minute * MINUTE);
const iso = (at: number): string => new Date(at).toISOString();
const orders = moment.chain((from) =>
  fc.record({
    from: fc.constant(iso(from)),
    roll: fc.boolean(),
    budget: fc.oneof(
      fc.record({
        basis: fc.constantFrom('wall', 'working'),
        amount: fc.integer({ min: 1, max: 300 }),
        unit: fc.constantFrom('minutes', 'hours'),
      }),
      fc.record({
        basis: fc.constantFrom('wall', 'calendar', 'working'),
        amount: fc.integer({ min: 1, max: 90 }),
        unit: fc.constant('days'),
      }),
    ),
    suspensions: fc.array(
      fc
        .tuple(fc.integer({ min: -2000, max: 20_000 }), fc.integer({ min: 1, max: 5000 }))
        .map(([start, length]) => pause(iso(from + start * MINUTE), iso(from + (start + length) * MINUTE))),
      { maxLength: 5 },
    ),
  }),
);

/** Office time of a day in milliseconds, from its windows. */
const officeTime = (by: WorkingCalendar, at: string): number => {
  const day = Math.floor((Date.parse(at) + 8 * 3_600_000) / 86_400_000);
  const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return by.day(day).windows.reduce((sum, [from, to]) => sum + minutes(to) - minutes(from), 0) * MINUTE;
};

describe('any preview', () => {
  it('counts what its budget is, no more and no less', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(calendars)), orders, moment, (name, order, now) => {
        const by = calendars[name] as WorkingCalendar;
        const { budget, ...rest } = order;
        const preview = previewed({ ...rest, ...budget }, new Date(now), by);
        const { basis, amount, unit } = budget;
        if (basis === 'working' && unit === 'days') {
          const days = preview.intervals
            .filter(({ kind }) => kind === 'counted')
            .reduce((sum, { from, seconds }) => sum + (seconds * 1000) / officeTime(by, from), 0);
          expect(days).toBeCloseTo(amount, 6);
        } else {
          expect(countedSeconds(preview)).toBe(amount * { minutes: 60, hours: 3600, days: 86_400 }[unit]);
        }
        expect(preview.remainingSeconds).toBeLessThanOrEqual(countedSeconds(preview));
        expect(preview.intervals.at(-1)?.to).toBe(preview.due);
      }),
      { numRuns: 400 },
    );
  });
});
