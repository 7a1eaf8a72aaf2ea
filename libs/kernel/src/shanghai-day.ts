import { DAY, HOUR } from './clock.js';

/** China keeps one time all year, UTC+8 (Asia/Shanghai since 1992), so a calendar day is arithmetic. */
const OFFSET = 8 * HOUR;

/** Number of the calendar day in Shanghai that holds an instant (milliseconds); 0 is 1970-01-01. */
export const shanghaiDayOf = (at: number): number => Math.floor((at + OFFSET) / DAY);

/** The instant at which a calendar day in Shanghai begins. */
export const startOfShanghaiDay = (day: number): number => day * DAY - OFFSET;

/** `2026-10-10` of a day's number. */
export const dateOfShanghaiDay = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

export const yearOfShanghaiDay = (day: number): number => new Date(day * DAY).getUTCFullYear();

/** The number of the day `2026-10-10`; null for a text that names no day. */
export const shanghaiDayNamed = (date: string): number | null => {
  const at = Date.parse(`${date}T00:00:00Z`);
  const day = at / DAY;
  return Number.isInteger(day) && dateOfShanghaiDay(day) === date ? day : null;
};

/** `2026-10-10T09:30:00+08:00`: an instant as a clock in China shows it, to the second. */
export const shanghaiTime = (at: number): string =>
  `${new Date(at + OFFSET).toISOString().slice(0, 19)}+08:00`;

/** 0 is Sunday. */
export const weekdayOf = (day: number): number => (((day + 4) % 7) + 7) % 7;
