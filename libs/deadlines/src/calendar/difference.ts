import type { CalendarImported, DayChange } from '@linli/contracts';
import { isDeepStrictEqual } from 'node:util';
import { shanghaiDayNamed } from '@linli/kernel';
import { textOf, type CalendarContent } from './content.js';
import { fullReason, WorkingCalendar } from './working-calendar.js';

const verdictOn = (calendar: WorkingCalendar, date: string): DayChange['before'] => {
  const day = calendar.day(shanghaiDayNamed(date) ?? 0);
  return { working: day.working, reason: fullReason(day), source: day.source };
};

/** Days that either of them names: all others follow the week in both. */
const datesNamed = (...contents: readonly CalendarContent[]): string[] => [
  ...new Set(contents.flatMap(({ years }) => years.flatMap(({ days }) => days.map(({ date }) => date)))),
];

/** What another content would change: days judged otherwise, in order, and the office hours. */
export const differenceOf = (
  before: CalendarContent,
  after: CalendarContent,
): CalendarImported['difference'] => {
  // By the week and the notices alone: office hours are compared as a whole.
  const judge = ({ years }: CalendarContent): WorkingCalendar =>
    new WorkingCalendar({ version: '', years, hours: { ...before.hours, always: false } });
  const [old, now] = [judge(before), judge(after)];
  const days = datesNamed(before, after)
    .toSorted()
    .map((date) => ({ date, before: verdictOn(old, date), after: verdictOn(now, date) }))
    .filter((change) => !isDeepStrictEqual(change.before, change.after));
  const hours = ({ hours: of }: CalendarContent): string => textOf({ hours: of, years: [] });
  return {
    days,
    hours: hours(before) === hours(after) ? null : { before: before.hours, after: after.hours },
  };
};
