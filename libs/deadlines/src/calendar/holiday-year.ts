import { shanghaiDayNamed } from '@linli/kernel';
import { z } from 'zod';

const date = z
  .string()
  .refine((text) => shanghaiDayNamed(text) !== null, 'must be a day, `YYYY-MM-DD`')
  .describe('Calendar day in Asia/Shanghai.');

/**
 * What the State Council's notice says of one year, in the form of the holiday-cn data set: days off, and rest days on
 * which work is made up. Days that it does not name follow the week. No days at all: nothing is published yet.
 */
export const HolidayYear = z
  .object({
    year: z.int().min(1992).max(2199),
    papers: z.array(z.string()).describe('The notices, by address.'),
    days: z.array(
      z.object({
        name: z.string().min(1).describe('Holiday that it belongs to, e.g. 国庆节.'),
        date,
        isOffDay: z.boolean().describe('False: a rest day on which work is made up.'),
      }),
    ),
  })
  .refine(
    ({ year, days }) => days.every((day) => Math.abs(Number(day.date.slice(0, 4)) - year) <= 1),
    'days must lie in the year, or next to it',
  )
  .refine(
    ({ days }) => new Set(days.map((day) => day.date)).size === days.length,
    'no day may be named twice',
  );
export type HolidayYear = z.infer<typeof HolidayYear>;
