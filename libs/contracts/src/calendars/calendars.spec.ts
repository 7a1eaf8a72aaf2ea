import { describe, expect, it } from '@jest/globals';
import {
  CalendarImport,
  CalendarImportedV1,
  CalendarName,
  OfficeHours,
  PreviewOrder,
  Windows,
} from './index.js';

const day = { name: '元旦', date: '2027-01-01', isOffDay: true };
const year = { year: 2027, papers: ['a notice'], days: [day] };
const isTaken = (content: unknown): boolean => CalendarImport.safeParse(content).success;

describe('an import', () => {
  it('is a file of holiday-cn as it is, or office hours, or both', () => {
    expect(CalendarImport.parse({ $schema: 's', $id: 'i', ...year })).toMatchObject(year);
    expect(isTaken({ year: 2027, papers: [], days: [] })).toBe(true);
    expect(isTaken({ hours: {} })).toBe(true);
    expect(isTaken({ ...year, hours: { always: true } })).toBe(true);
  });

  it.each([
    ['nothing', {}],
    ['a year without days', { year: 2027 }],
    ['days without a year', { days: [day] }],
    ['a day that there is not', { ...year, days: [{ ...day, date: '2027-02-29' }] }],
    ['a day twice', { ...year, days: [day, { ...day, isOffDay: false }] }],
    ['a day of quite another year', { ...year, days: [{ ...day, date: '2025-12-31' }] }],
    ['a field that is none', { ...year, holidays: [] }],
  ])('is not %s', (_what, content) => {
    expect(isTaken(content)).toBe(false);
  });

  it('is told by a fact whose example fits', () => {
    expect(CalendarImportedV1.data.parse(CalendarImportedV1.example)).toEqual(CalendarImportedV1.example);
    expect(CalendarImportedV1.typeOf('risk')).toBe('linli.risk.calendar-imported.v1');
  });
});

describe('office hours', () => {
  it('are 9 to 12 and 14 to 18 where nothing is said', () => {
    expect(OfficeHours.parse({})).toEqual({
      windows: [
        ['09:00', '12:00'],
        ['14:00', '18:00'],
      ],
      ...{ seasons: [], always: false, source: null },
    });
  });

  it.each([
    ['none', []],
    ['backwards', [['12:00', '09:00']]],
    [
      'touching',
      [
        ['09:00', '12:00'],
        ['12:00', '14:00'],
      ],
    ],
    [
      'out of order',
      [
        ['14:00', '18:00'],
        ['09:00', '12:00'],
      ],
    ],
    ['no time of day', [['9:00', '12:00']]],
    ['behind the end of the day', [['09:00', '24:01']]],
  ])('are not windows %s', (_what, windows) => {
    expect(Windows.safeParse(windows).success).toBe(false);
  });
});

describe('a name', () => {
  it.each(['default', 'street-330106003', '330106', 'a.b'])('may be %s', (name) => {
    expect(CalendarName.safeParse(name).success).toBe(true);
  });

  it.each(['', '..', '-a', 'Street', 'a/b', 'a'.repeat(65)])('may not be “%s”', (name) => {
    expect(CalendarName.safeParse(name).success).toBe(false);
  });
});

describe('an order for a preview', () => {
  it('takes the default calendar, rolls, and has no suspension, unless it says so', () => {
    const order = { basis: 'calendar', amount: 15, unit: 'days', from: '2026-02-10T10:00:00+08:00' };
    expect(PreviewOrder.parse(order)).toEqual({ ...order, calendar: 'default', roll: true, suspensions: [] });
    expect(PreviewOrder.safeParse({ ...order, unit: 'hours' }).success).toBe(false);
    expect(PreviewOrder.safeParse({ ...order, clock: 'K_NOTICE' }).success).toBe(false);
  });
});
