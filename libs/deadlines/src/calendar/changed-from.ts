import { shanghaiDayNamed, startOfShanghaiDay } from '@linli/kernel';
import { spansOf } from './office-hours.js';
import type { WorkingCalendar } from './working-calendar.js';

/** No deadline of this system is older. */
const FIRST = shanghaiDayNamed('2025-01-01') ?? 0;
const LAST = shanghaiDayNamed('2199-12-31') ?? 0;

const sameDay = (a: WorkingCalendar, b: WorkingCalendar, day: number): boolean => {
  const [one, other] = [a.day(day), b.day(day)];
  if (one.provisional !== other.provisional || one.windows.length !== other.windows.length) return false;
  const spans = spansOf(other.windows);
  return spansOf(one.windows).every(([from, to], n) => from === spans[n]?.[0] && to === spans[n]?.[1]);
};

/** The instant from which on two versions of a calendar differ, milliseconds; null: nowhere. */
export const changedFrom = (a: WorkingCalendar, b: WorkingCalendar): number | null => {
  if (a === b) return null;
  for (let day = FIRST; day <= LAST; day += 1) {
    if (!sameDay(a, b, day)) return startOfShanghaiDay(day);
  }
  return null;
};
