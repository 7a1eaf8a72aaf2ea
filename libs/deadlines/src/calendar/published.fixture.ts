import { dateOfShanghaiDay, shanghaiDayOf, shanghaiTime, startOfShanghaiDay } from '@linli/kernel';
import { readFileSync } from 'node:fs';
import { HolidayYear } from './holiday-year.js';
import { usualHours, type OfficeHours } from './office-hours.js';
import { WorkingCalendar } from './working-calendar.js';

const yearIn = (year: number): HolidayYear =>
  HolidayYear.parse(JSON.parse(readFileSync(new URL(`../../data/${year}.json`, import.meta.url), 'utf8')));

/** As published: 2025 and 2026; nothing for 2027. */
export const publishedYears = [2025, 2026, 2027].map(yearIn);

export const publishedCalendar = (hours: OfficeHours = usualHours): WorkingCalendar =>
  new WorkingCalendar({ version: 'published', years: publishedYears, hours });

/** Milliseconds of a time of day in Shanghai, `2026-02-10 16:40`. */
export const at = (text: string): number => Date.parse(`${text.replace(' ', 'T')}:00+08:00`);

/** `2026-02-10 16:40` of an instant; midnight shown as 24:00 of the day that it ends. */
export const shown = (instant: number | null): string | null => {
  if (instant === null) return null;
  const day = shanghaiDayOf(instant);
  if (instant === startOfShanghaiDay(day)) return `${dateOfShanghaiDay(day - 1)} 24:00`;
  return shanghaiTime(instant).slice(0, 16).replace('T', ' ');
};
