import { shanghaiDayNamed } from '@linli/kernel';
import { z } from 'zod';

/** The calendar that every tenant has, and that its other calendars stand on. */
export const DEFAULT_CALENDAR = 'default';

export const CalendarName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,63}$/u, 'must be 1 to 64 of a-z, 0-9, dot and hyphen')
  .describe('`default`, or the unit that has a calendar of its own.');

export const CalendarVersion = z
  .string()
  .describe('SHA-256 (hex) of all that the calendar says: equal versions are equal calendars.');

export const CalendarDate = z
  .string()
  .refine((text) => shanghaiDayNamed(text) !== null, 'must be a day, `YYYY-MM-DD`')
  .describe('Calendar day in Asia/Shanghai, `YYYY-MM-DD`.');

const document = z.string().min(1).max(500);

/** What a notice says of one year, in the form of the holiday-cn data set. */
export const holidayYear = {
  year: z.int().min(2000).max(2199),
  papers: z.array(document).max(20).describe('The notices, by address.'),
  days: z
    .array(
      z
        .object({
          name: z.string().min(1).max(100).describe('Holiday that it belongs to, e.g. 国庆节.'),
          date: CalendarDate,
          isOffDay: z.boolean().describe('False: a rest day on which work is made up.'),
        })
        .strict(),
    )
    .max(400)
    .describe('Days off and make-up working days. Days that are not named follow the week.'),
} as const;

type Year = z.infer<z.ZodObject<typeof holidayYear>>;

export const daysLieInYear = ({ year, days }: Pick<Year, 'year' | 'days'>): boolean =>
  days.every(({ date }) => Math.abs(Number(date.slice(0, 4)) - year) <= 1);
export const daysAreNamedOnce = ({ days }: Pick<Year, 'days'>): boolean =>
  new Set(days.map(({ date }) => date)).size === days.length;
export const OUTSIDE_ITS_YEAR = 'days must lie in the year, or next to it';
export const NAMED_TWICE = 'no day may be named twice';

/**
 * What the State Council's notice says of one year: days off, and rest days on which work is made up. No days at all:
 * nothing is published yet.
 */
export const HolidayYear = z
  .object(holidayYear)
  .refine(daysLieInYear, OUTSIDE_ITS_YEAR)
  .refine(daysAreNamedOnce, NAMED_TWICE);
export type HolidayYear = z.infer<typeof HolidayYear>;

const clockTime = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/u, 'must be a time of day, `HH:MM`')
  .describe('Time of day in Asia/Shanghai, `HH:MM`; 24:00 is the end of the day.');

/** From (included) to (excluded). */
export const TimeWindow = z.tuple([clockTime, clockTime]);

/** Times of a day at which work is done, each from (included) to (excluded), in order and apart. */
export const Windows = z
  .array(TimeWindow)
  .min(1)
  .max(12)
  .refine(
    // `HH:MM` sorts as the times do.
    (windows) =>
      windows.every(([from, to], n) => {
        const before = windows[n - 1];
        return from < to && (!before || before[1] < from);
      }),
    'must be in order and apart, each with its end after its start',
  )
  .describe('From (included) to (excluded), in order and apart.');
export type Windows = z.infer<typeof Windows>;

const monthDay = z
  .string()
  .regex(/^(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/u, 'must be a day of the year, `MM-DD`');

/** Office hours of a unit; sets for parts of the year (summer, winter) go before the standing ones. */
export const OfficeHours = z
  .object({
    windows: Windows.default([
      ['09:00', '12:00'],
      ['14:00', '18:00'],
    ]).describe('Those of every working day. Absent: 9 to 12 and 14 to 18, as in most of the country.'),
    seasons: z
      .array(
        z
          .object({
            from: monthDay.describe('First day, `MM-DD`.'),
            to: monthDay.describe('Last day, `MM-DD`; before `from` it lies in the next year.'),
            windows: Windows,
          })
          .strict(),
      )
      .max(12)
      .default([])
      .describe('Summer and winter hours; the first that holds a day counts.'),
    always: z.boolean().default(false).describe('24×7: every day is a working day, holidays too.'),
    source: document.nullable().default(null).describe('Document that sets these hours.'),
  })
  .strict();
export type OfficeHours = z.infer<typeof OfficeHours>;
