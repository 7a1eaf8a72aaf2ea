import { describe, expect, it } from '@jest/globals';
import { OfficeHours } from '@linli/contracts';
import { daysOf } from './days.js';
import { publishedCalendar } from './published.fixture.js';

const calendar = publishedCalendar();
const usual = [
  ['09:00', '12:00'],
  ['14:00', '18:00'],
];
const notice = 'https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm';

describe('the days of a calendar', () => {
  it('say why each is a working day or not, and what document says so', () => {
    const days = daysOf(calendar, '2026-10-07', '2026-10-12');
    expect(days).toEqual({
      calendarVersion: 'published',
      provisionalYears: [],
      items: [
        { date: '2026-10-07', working: false, reason: '国庆节', windows: [], source: notice },
        { date: '2026-10-08', working: true, reason: 'working day', windows: usual, source: null },
        { date: '2026-10-09', working: true, reason: 'working day', windows: usual, source: null },
        { date: '2026-10-10', working: true, reason: 'make-up day', windows: usual, source: notice },
        { date: '2026-10-11', working: false, reason: 'rest day', windows: [], source: null },
        { date: '2026-10-12', working: true, reason: 'working day', windows: usual, source: null },
      ],
    });
  });

  it('name the years of which nothing is known', () => {
    expect(daysOf(calendar, '2026-12-31', '2027-01-02')).toMatchObject({ provisionalYears: [2027] });
    const always = publishedCalendar(OfficeHours.parse({ always: true, source: 'duty plan' }));
    expect(daysOf(always, '2027-01-01', '2027-01-01')).toMatchObject({
      provisionalYears: [],
      items: [{ working: true, reason: 'open all day', windows: [['00:00', '24:00']], source: 'duty plan' }],
    });
  });

  it('come by season', () => {
    const hours = OfficeHours.parse({
      seasons: [{ from: '12-01', to: '02-28', windows: [['10:00', '16:00']] }],
    });
    const windowsOn = (date: string) => {
      const days = daysOf(publishedCalendar(hours), date, date);
      return 'kind' in days ? days : days.items[0]?.windows;
    };
    expect(windowsOn('2026-01-05')).toEqual([['10:00', '16:00']]);
    expect(windowsOn('2026-11-30')).toEqual(usual);
    expect(windowsOn('2026-12-01')).toEqual([['10:00', '16:00']]);
  });

  it('are refused for a range that is none, or too long', () => {
    for (const [from, to] of [
      ['2026-10-12', '2026-10-11'],
      ['2026-01-01', '2027-02-05'],
    ] as const)
      expect(daysOf(calendar, from, to)).toMatchObject({ code: 'CAL_RANGE_INVALID', kind: 'invalid' });
    expect(daysOf(calendar, '2026-01-01', '2027-02-04')).not.toHaveProperty('code');
  });
});
