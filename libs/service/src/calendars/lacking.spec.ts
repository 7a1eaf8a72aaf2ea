import { describe, expect, it } from '@jest/globals';
import { calendarAttention } from './lacking.js';

const attention = (at: string, thisYear: number, nextYear: number) =>
  calendarAttention({ thisYear, nextYear }, new Date(at));
const sentence = (where: string, year: number) =>
  `no data for ${year} in ${where}: deadlines that reach into it are provisional: linli calendar import`;

describe('what an operator hears of calendars', () => {
  it('is nothing while all is known, or the next year cannot be known yet', () => {
    expect(attention('2026-12-31T12:00:00+08:00', 0, 0)).toEqual([]);
    expect(attention('2026-11-30T23:59:00+08:00', 0, 3)).toEqual([]);
  });

  it('is the next year from December on, and this one at any time, by the day in Shanghai', () => {
    expect(attention('2026-12-01T00:00:00+08:00', 0, 1)).toEqual([sentence('1 calendar', 2027)]);
    expect(attention('2027-01-01T00:00:00+08:00', 3, 4)).toEqual([sentence('3 calendars', 2027)]);
  });
});
