import { z } from 'zod';
import {
  CalendarDate,
  CalendarName,
  CalendarVersion,
  daysAreNamedOnce,
  daysLieInYear,
  holidayYear,
  NAMED_TWICE,
  OfficeHours,
  OUTSIDE_ITS_YEAR,
} from './calendar.js';

const instant = z.iso.datetime({ offset: true });

/**
 * Body of `POST /v1/calendars/import`: one year in the form of holiday-cn, as its files are; or office hours; or both.
 * What is imported replaces that year, those hours; all else stays.
 */
export const CalendarImport = z
  .object({
    $schema: z.string().max(500).optional().describe('As in the files of holiday-cn; not read.'),
    $id: z.string().max(500).optional().describe('As in the files of holiday-cn; not read.'),
    year: holidayYear.year.optional().describe('Of `days`.'),
    papers: holidayYear.papers.default([]),
    days: holidayYear.days.optional(),
    hours: OfficeHours.optional().describe('Office hours of the unit.'),
  })
  .strict()
  .refine(({ year, days }) => (year === undefined) === (days === undefined), {
    path: ['days'],
    message: '`year` and `days` go together',
  })
  .refine(({ year, hours }) => year !== undefined || hours !== undefined, 'must hold a year, or hours')
  .refine(({ year, days }) => !year || !days || daysLieInYear({ year, days }), {
    path: ['days'],
    message: OUTSIDE_ITS_YEAR,
  })
  .refine(({ days }) => !days || daysAreNamedOnce({ days }), { path: ['days'], message: NAMED_TWICE });
export type CalendarImport = z.infer<typeof CalendarImport>;

/** What every service that reckons deadlines is told. Aggregate: the calendars of the tenant. */
export const calendarCommands = {
  'calendar.import': z.object({ calendar: CalendarName, content: CalendarImport }).strict(),
} as const;
export type CalendarCommandType = keyof typeof calendarCommands;
export type CalendarCommand<T extends CalendarCommandType> = z.infer<(typeof calendarCommands)[T]>;

const DayVerdict = z.object({
  working: z.boolean(),
  reason: z.string().describe('Name of the holiday, make-up day, rest day, working day.'),
  source: z.string().nullable().describe('Document that says so; null: the week does.'),
});

export const DayChange = z.object({ date: CalendarDate, before: DayVerdict, after: DayVerdict });
export type DayChange = z.infer<typeof DayChange>;

/** A deadline that another calendar moves. */
export const MovingDeadline = z.object({
  id: z.string().describe('Of the deadline.'),
  aggregateId: z.string().describe('What it is a deadline of.'),
  clock: z.string().describe('Name of the clock, e.g. K_HANDLE.'),
  from: instant.nullable().describe('Due before; null: it stands still.'),
  to: instant.nullable().describe('Due then.'),
});
export type MovingDeadline = z.infer<typeof MovingDeadline>;

const Versions = z.object({
  calendar: z.string(),
  previousVersion: CalendarVersion,
  calendarVersion: CalendarVersion,
});

/** What an import changed, or with `dryRun` would change. */
export const CalendarImported = z.object({
  ...Versions.shape,
  dryRun: z.boolean(),
  changed: z.boolean().describe('False: the calendar says all that already; nothing was done.'),
  difference: z.object({
    days: z.array(DayChange).describe('Days that are judged otherwise, in order.'),
    hours: z
      .object({ before: OfficeHours, after: OfficeHours })
      .nullable()
      .describe('Null: the office hours stay as they are.'),
  }),
  calendars: z
    .array(Versions)
    .describe('Every calendar of the tenant that it changes: those of units follow the default.'),
  moving: z.int().nonnegative().describe('How many deadlines move.'),
  deadlines: z.array(MovingDeadline).describe('Those deadlines; of a real import the first 1,000.'),
});
export type CalendarImported = z.infer<typeof CalendarImported>;

/** A calendar was imported: told by each service that reckons by it, in its audit journal. */
export const CalendarImportedV1 = {
  typeOf: (service: string): string => `linli.${service}.calendar-imported.v1`,
  data: z.object({
    ...Versions.shape,
    year: z.int().nullable().describe('The year that was replaced.'),
    hours: z.boolean().describe('Office hours were replaced.'),
    sources: z.array(z.string()).describe('Documents that say so.'),
    importedBy: z.string().describe('Name of the key that was used; its id is the actor of the fact.'),
    moved: z.int().nonnegative().describe('How many deadlines it moved.'),
  }),
  example: {
    calendar: 'default',
    previousVersion: '0f'.repeat(32),
    calendarVersion: 'a1'.repeat(32),
    year: 2027,
    hours: false,
    sources: ['https://www.gov.cn/zhengce/zhengceku/202611/content_1.htm'],
    importedBy: 'night shift',
    moved: 12,
  },
} as const;
export type CalendarImportedFact = z.infer<typeof CalendarImportedV1.data>;
