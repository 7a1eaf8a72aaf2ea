import { describe, expect, it } from '@jest/globals';
import {
  dateOfShanghaiDay,
  shanghaiDayNamed,
  shanghaiDayOf,
  shanghaiTime,
  startOfShanghaiDay,
  weekdayOf,
  yearOfShanghaiDay,
} from './shanghai-day.js';

const instant = (text: string): number => Date.parse(text);

describe('a calendar day in Shanghai', () => {
  it('begins at midnight there, which is 16:00 of the day before in UTC', () => {
    const day = shanghaiDayOf(instant('2026-10-09T16:00:00Z'));
    expect(dateOfShanghaiDay(day)).toBe('2026-10-10');
    expect(shanghaiDayOf(instant('2026-10-09T15:59:59.999Z'))).toBe(day - 1);
    expect(startOfShanghaiDay(day)).toBe(instant('2026-10-10T00:00:00+08:00'));
  });

  it('is found by its name, and only by the name of a day that there is', () => {
    expect(shanghaiDayNamed('1970-01-02')).toBe(1);
    expect(shanghaiDayNamed('2026-02-29')).toBeNull();
    expect(shanghaiDayNamed('2026-2-1')).toBeNull();
    expect(shanghaiDayNamed('tomorrow')).toBeNull();
  });

  it('has its year, also before 1970', () => {
    const year = (date: string): number => yearOfShanghaiDay(shanghaiDayNamed(date) ?? 0);
    expect(['2026-12-31', '2027-01-01', '1969-12-31'].map(year)).toEqual([2026, 2027, 1969]);
  });

  it('has its weekday, 0 for Sunday, also before 1970', () => {
    expect(weekdayOf(shanghaiDayNamed('2026-11-22') ?? 0)).toBe(0);
    expect(weekdayOf(shanghaiDayNamed('2026-11-28') ?? 0)).toBe(6);
    expect(weekdayOf(shanghaiDayNamed('1969-12-28') ?? 0)).toBe(0);
  });
});

describe('an instant', () => {
  it('is shown as clocks in China show it', () => {
    expect(shanghaiTime(instant('2026-11-22T17:05:09.900Z'))).toBe('2026-11-23T01:05:09+08:00');
  });
});
