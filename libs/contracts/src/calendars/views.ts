import { z } from 'zod';
import { CalendarDate, CalendarName, CalendarVersion, OfficeHours, TimeWindow } from './calendar.js';

const instant = z.iso.datetime({ offset: true });

export const CalendarDayView = z.object({
  date: CalendarDate,
  working: z.boolean(),
  reason: z.string().describe('Name of the holiday, make-up day, rest day, working day.'),
  windows: z.array(TimeWindow).describe('Office hours; empty on a day off.'),
  source: z.string().nullable().describe('Document that says so; null: the week does.'),
});
export type CalendarDayView = z.infer<typeof CalendarDayView>;

/** Answer of `GET /v1/calendars/{calendar}/days`. */
export const CalendarDays = z.object({
  calendar: CalendarName,
  calendarVersion: CalendarVersion,
  provisionalYears: z
    .array(z.int())
    .describe('Years among them for which nothing is published: their days are by the week only.'),
  items: z.array(CalendarDayView).describe('Every day, in order.'),
});
export type CalendarDays = z.infer<typeof CalendarDays>;

/** A calendar as it stands. */
export const CalendarView = z.object({
  calendar: CalendarName,
  calendarVersion: CalendarVersion,
  publishedYears: z
    .array(z.int())
    .describe('Years with data; deadlines that reach into others are provisional.'),
  hours: OfficeHours,
  sources: z.array(z.string()).describe('Documents of the last import.'),
  importedAt: instant,
  importedBy: z.string().describe('Name and id of the key; `linli` for what came with the release.'),
});
export type CalendarView = z.infer<typeof CalendarView>;

/** Answer of `GET /v1/calendars`. */
export const CalendarPage = z.object({
  items: z.array(
    CalendarView.extend({
      differs: z
        .array(z.string())
        .describe('Services that have another version of it: send them the same import again.'),
    }),
  ),
});
export type CalendarPage = z.infer<typeof CalendarPage>;
