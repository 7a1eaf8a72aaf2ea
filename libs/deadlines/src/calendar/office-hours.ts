import { MINUTE } from '@linli/kernel';
import { z } from 'zod';

const clockTime = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/u)
  .describe('Time of day in Asia/Shanghai, `HH:MM`; 24:00 is the end of the day.');

export const minuteOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
};

/** Times of a day at which work is done, each from (included) to (excluded), in order and apart. */
export const Windows = z
  .array(z.tuple([clockTime, clockTime]))
  .min(1)
  .refine(
    (windows) =>
      windows.every(([from, to], n) => {
        const before = windows[n - 1];
        return minuteOf(from) < minuteOf(to) && (!before || minuteOf(before[1]) < minuteOf(from));
      }),
    'must be in order and apart, each with its end after its start',
  );
export type Windows = z.infer<typeof Windows>;

const monthDay = z.string().regex(/^(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/u);

/** Office hours of a unit; sets for parts of the year (summer, winter) go before the standing ones. */
export const OfficeHours = z.object({
  windows: Windows,
  seasons: z
    .array(
      z.object({
        from: monthDay.describe('First day, `MM-DD`.'),
        to: monthDay.describe('Last day, `MM-DD`; before `from` it lies in the next year.'),
        windows: Windows,
      }),
    )
    .default([]),
  always: z.boolean().default(false).describe('24×7: every day is a working day, holidays too.'),
  source: z.string().nullable().default(null).describe('Document that sets these hours.'),
});
export type OfficeHours = z.infer<typeof OfficeHours>;

const covers = ({ from, to }: { from: string; to: string }, day: string): boolean =>
  from <= to ? from <= day && day <= to : from <= day || day <= to;

const wholeDay: Windows = [['00:00', '24:00']];

/** The windows of a working day; `date` is `YYYY-MM-DD`. */
export const windowsOn = ({ windows, seasons, always }: OfficeHours, date: string): Windows => {
  if (always) return wholeDay;
  return seasons.find((season) => covers(season, date.slice(5)))?.windows ?? windows;
};

/** Spans of a day at which time passes, in milliseconds since its start. */
export type Spans = readonly (readonly [number, number])[];

const known = new WeakMap<Windows, Spans>();

export const spansOf = (windows: Windows): Spans => {
  const spans =
    known.get(windows) ??
    windows.map(([from, to]): readonly [number, number] => [minuteOf(from) * MINUTE, minuteOf(to) * MINUTE]);
  known.set(windows, spans);
  return spans;
};

/** 9 to 12 and 14 to 18, as offices in most of the country. */
export const usualHours: OfficeHours = OfficeHours.parse({
  windows: [
    ['09:00', '12:00'],
    ['14:00', '18:00'],
  ],
});
