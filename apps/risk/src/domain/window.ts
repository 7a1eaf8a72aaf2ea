import { DAY, shanghaiDayOf } from '@linli/kernel';

/** The first day (in Shanghai) that counts at `t`: whole days, so that a day is in the window or out of it, never cut. */
export const windowStart = (t: number, windowDays: number): number => shanghaiDayOf(t - windowDays * DAY);
