import { describe, expect, it } from '@jest/globals';
import type { Budget } from '@linli/contracts';
import { at, publishedCalendar, shown } from '../calendar/published.fixture.js';
import { reckon, type Terms } from './reckon.js';

const calendar = publishedCalendar();
const terms = (from: string, amount: number, basis: Budget['basis'], more: Partial<Terms> = {}): Terms => ({
  budget: { basis, amount, unit: 'days' },
  from: at(from),
  suspensions: [],
  roll: true,
  ...more,
});
const dueOf = (of: Terms): string | null => shown(reckon(of, calendar).due);

describe('the worked dates of the domain notes', () => {
  it.each([
    ['notice: transferred 2026-02-10, 15 days', '2026-02-10 10:00', 15, '2026-02-25 24:00'],
    ['accepted 2026-02-25, 60 days end on a Sunday', '2026-02-25 10:00', 60, '2026-04-27 24:00'],
    ['the same with 30 days more, counted on from the 60th day', '2026-02-25 10:00', 90, '2026-05-26 24:00'],
    ['review window of 30 days from 2026-04-27', '2026-04-27 10:00', 30, '2026-05-27 24:00'],
    ['review of 30 days ends on 端午', '2026-05-20 10:00', 30, '2026-06-22 24:00'],
    ['confirmation: 30 days from 2026-09-05 end in 国庆', '2026-09-05 10:00', 30, '2026-10-08 24:00'],
    ['labour: 15 days from 2026-09-18', '2026-09-18 10:00', 15, '2026-10-08 24:00'],
  ])('%s', (_, from, days, due) => {
    expect(dueOf(terms(from, days, 'calendar'))).toBe(due);
  });

  it.each([
    ['objection window of 5', '2026-02-10 10:00', 5, '2026-02-24 18:00'],
    ['hotline, 5 from a Thursday evening', '2026-09-24 17:59', 5, '2026-10-09 18:00'],
    ['hotline, 5 over 国庆', '2026-09-30 10:00', 5, '2026-10-13 18:00'],
    ['hotline, 15 over 春节', '2026-02-13 10:00', 15, '2026-03-12 18:00'],
    ['medical, 30 from 2026-09-18', '2026-09-18 10:00', 30, '2026-11-05 18:00'],
  ])('working days: %s', (_, from, days, due) => {
    expect(dueOf(terms(from, days, 'working'))).toBe(due);
  });
});

describe('a deadline', () => {
  it('keeps the date before it was rolled, for the alerts', () => {
    const { due, unrolledDue } = reckon(terms('2026-02-25 10:00', 60, 'calendar'), calendar);
    expect([shown(unrolledDue), shown(due)]).toEqual(['2026-04-26 24:00', '2026-04-27 24:00']);
    expect(dueOf(terms('2026-02-25 10:00', 60, 'calendar', { roll: false }))).toBe('2026-04-26 24:00');
  });

  it('in working hours runs in office hours only', () => {
    const hours = (from: string, amount: number) =>
      dueOf({ ...terms(from, 1, 'working'), budget: { basis: 'working', amount, unit: 'hours' } });
    expect(hours('2026-09-24 10:00', 4)).toBe('2026-09-24 16:00');
    expect(hours('2026-09-24 17:30', 1)).toBe('2026-09-28 09:30');
    expect(hours('2026-09-24 17:00', 1)).toBe('2026-09-24 18:00');
    expect(hours('2026-10-01 10:00', 7)).toBe('2026-10-08 18:00');
  });

  it('in wall time does not care for the calendar', () => {
    const wall = { basis: 'wall', amount: 10, unit: 'minutes' } as const;
    expect(dueOf({ ...terms('2026-10-01 23:55', 1, 'wall'), budget: wall })).toBe('2026-10-02 00:05');
  });

  it('stands still while suspended, however suspensions overlap, and has no due time in an open one', () => {
    const pause = (from: string, to: string | null) => ({
      from: at(from),
      to: to === null ? null : at(to),
      reason: 'waiting for the resident',
    });
    const hours = (...suspensions: ReturnType<typeof pause>[]) =>
      reckon(
        {
          ...terms('2026-09-28 09:00', 1, 'working', { suspensions }),
          budget: { basis: 'working', amount: 5, unit: 'hours' },
        },
        calendar,
      ).due;
    expect(shown(hours(pause('2026-09-28 10:00', '2026-09-28 11:00')))).toBe('2026-09-28 17:00');
    expect(
      shown(
        hours(pause('2026-09-28 10:00', '2026-09-28 11:00'), pause('2026-09-28 10:30', '2026-09-28 15:00')),
      ),
    ).toBe('2026-09-29 10:00');
    expect(hours(pause('2026-09-28 10:00', null))).toBeNull();
    expect(shown(hours(pause('2026-09-28 16:00', null)))).toBe('2026-09-28 16:00');
  });

  it('in working days loses the part of a day that was suspended, and gets the day that it reaches whole', () => {
    const suspensions = [{ from: at('2026-09-29 14:00'), to: at('2026-09-29 18:00'), reason: 'appraisal' }];
    expect(dueOf(terms('2026-09-28 09:00', 2, 'working', { suspensions }))).toBe('2026-10-08 18:00');
  });

  it('is provisional when it hangs on a year for which nothing is published', () => {
    const provisional = (of: Terms) => reckon(of, calendar).provisional;
    expect(provisional(terms('2026-12-20 10:00', 5, 'working'))).toBe(false);
    expect(provisional(terms('2026-12-28 10:00', 5, 'working'))).toBe(true);
    expect(provisional(terms('2026-12-20 10:00', 20, 'calendar'))).toBe(true);
    expect(provisional(terms('2026-12-20 10:00', 20, 'calendar', { roll: false }))).toBe(false);
    expect(provisional(terms('2026-12-20 10:00', 20, 'wall'))).toBe(false);
  });

  it('outside of what calendars cover is refused', () => {
    expect(() => reckon(terms('1999-12-20 10:00', 20, 'working'), calendar)).toThrow('calendars cover');
    expect(() => reckon(terms('2026-12-20 10:00', 100_000, 'working'), calendar)).toThrow('calendars end');
  });
});
