import type { Budget } from '@linli/contracts';
import { DAY, HOUR, MINUTE, shanghaiDayOf, startOfShanghaiDay } from '@linli/kernel';
import type { Scale } from '../calendar/scale.js';
import type { WorkingCalendar } from '../calendar/working-calendar.js';

const lengths = { minutes: MINUTE, hours: HOUR, days: DAY } as const;

/** Time as it passes. */
const wall: Pick<Scale, 'at' | 'when'> = { at: (instant) => instant, when: (passed) => passed };

/** Less than a thousandth of a second of any working day: what dividing days may leave over. */
const SLACK_DAYS = 1e-9;

/** A budget as an amount on a scale. */
export interface Measure {
  readonly scale: Pick<Scale, 'at' | 'when'>;
  readonly amount: number;
  /** When the counting begins for an event at `from`. */
  readonly start: number;
  /** Whole days: the last one is granted to its end. */
  readonly wholeDays: boolean;
}

const dayAfter = (from: number): number => startOfShanghaiDay(shanghaiDayOf(from) + 1);

export const measureOf = (
  { basis, amount, unit }: Budget,
  from: number,
  calendar: WorkingCalendar,
): Measure => {
  const wholeDays = unit === 'days' && basis !== 'wall';
  const start = wholeDays ? dayAfter(from) : from;
  if (basis !== 'working') return { scale: wall, amount: amount * lengths[unit], start, wholeDays };
  return wholeDays
    ? { scale: calendar.days, amount: amount - SLACK_DAYS, start, wholeDays }
    : { scale: calendar.time, amount: amount * lengths[unit], start, wholeDays };
};
