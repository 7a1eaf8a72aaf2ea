import type { OfficeHours } from '@linli/contracts';
import { dateOfShanghaiDay, shanghaiDayOf, shanghaiTime, startOfShanghaiDay } from '@linli/kernel';
import { usualHours } from './office-hours.js';
import { packagedYears } from './packaged.js';
import { WorkingCalendar } from './working-calendar.js';

export const publishedCalendar = (hours: OfficeHours = usualHours): WorkingCalendar =>
  new WorkingCalendar({ version: 'published', years: packagedYears, hours });

/** Milliseconds of a time of day in Shanghai, `2026-02-10 16:40`. */
export const at = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00+08:00`);

/** `2026-02-10 16:40` of an instant; midnight shown as 24:00 of the day that it ends. */
export const shown = (instant: number | null): string | null => {
  if (instant === null) return null;
  const day = shanghaiDayOf(instant);
  if (instant === startOfShanghaiDay(day)) return `${dateOfShanghaiDay(day - 1)} 24:00`;
  return shanghaiTime(instant).slice(0, 16).replace('T', ' ');
};
