import { DAY, HOUR } from '@linli/kernel';

/** China keeps one time all year, UTC+8, so a calendar day is arithmetic. */
const OFFSET = 8 * HOUR;

/** Number of the calendar day in Shanghai that holds an instant (milliseconds); 0 is 1970-01-01. */
export const dayOf = (at: number): number => Math.floor((at + OFFSET) / DAY);

/** The instant at which a calendar day begins. */
export const startOf = (day: number): number => day * DAY - OFFSET;

/** The first day that counts at `t`: whole days, so that a day is in the window or out of it, never cut. */
export const windowStart = (t: number, windowDays: number): number => dayOf(t - windowDays * DAY);
