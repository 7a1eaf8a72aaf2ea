import type { CalendarDays, CalendarDayView } from '@linli/contracts';
import { refuse, shanghaiDayNamed, type Refusal } from '@linli/kernel';
import type { CalendarDay, WorkingCalendar } from './working-calendar.js';

/** A year and a month at once. */
const MOST_DAYS = 400;

const viewOf = ({ date, working, reason, windows, source }: CalendarDay): CalendarDayView => ({
  ...{ date, working, reason, windows, source },
});

/** The days `from` to `to`, both included (`YYYY-MM-DD`); refuses a range that is none, or too long. */
export const daysOf = (
  calendar: WorkingCalendar,
  from: string,
  to: string,
): Omit<CalendarDays, 'calendar'> | Refusal => {
  const [first, last] = [shanghaiDayNamed(from) ?? 0, shanghaiDayNamed(to) ?? 0];
  if (last < first)
    return refuse('CAL_RANGE_INVALID', 'invalid', `The range ends (${to}) before it begins (${from}).`);
  if (last - first >= MOST_DAYS)
    return refuse('CAL_RANGE_INVALID', 'invalid', `At most ${MOST_DAYS} days are shown at once.`);
  const days = Array.from({ length: last - first + 1 }, (_, n) => calendar.day(first + n));
  const provisional = days.filter((day) => day.provisional).map(({ date }) => Number(date.slice(0, 4)));
  return {
    calendarVersion: calendar.version,
    provisionalYears: [...new Set(provisional)],
    items: days.map(viewOf),
  };
};
