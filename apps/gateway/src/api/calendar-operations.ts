import {
  CalendarDate,
  CalendarDays,
  CalendarImport,
  CalendarImported,
  CalendarName,
  CalendarPage,
  DeadlinePreview,
  Operation as OperationView,
  PreviewOrder,
} from '@linli/contracts';
import { z } from 'zod';
import { commandAnswers, commandHeaders } from './command-parts.js';
import type { Operation } from './operation.js';
import { allProblems, commandProblems, ownerProblems, queryProblems } from './problems.js';

const tag = 'Calendars';
const unknownCalendar = { 404: ['CAL_NOT_FOUND'] } as const;

export const previewDeadline: Operation = {
  id: 'previewDeadline',
  method: 'POST',
  path: '/v1/deadlines/preview',
  scope: 'any',
  tag,
  summary: 'When would a deadline be due, and why',
  describes:
    'A calculator: changes nothing. Every interval from the event to the due time with the reason why it counts, is ' +
    'skipped or suspended; those counted sum to the budget. Deadlines up to five years long.',
  bodies: { 'application/json': PreviewOrder },
  answers: { 200: { means: 'Due, and every interval on the way.', body: DeadlinePreview } },
  problems: allProblems(ownerProblems, unknownCalendar, { 422: ['CAL_OUT_OF_REACH', 'CAL_TOO_FAR'] }),
};

export const listCalendars: Operation = {
  id: 'listCalendars',
  method: 'GET',
  path: '/v1/calendars',
  scope: 'any',
  tag,
  summary: 'Calendars as they stand',
  describes: 'The default and those of units, with version, published years and documents.',
  query: z.object({}),
  answers: { 200: { means: 'All of them, by name.', body: CalendarPage } },
  problems: ownerProblems,
};

export const listCalendarDays: Operation = {
  id: 'listCalendarDays',
  method: 'GET',
  path: '/v1/calendars/{calendar}/days',
  scope: 'any',
  tag,
  summary: 'Days of a calendar: working or not, and why',
  params: z.object({ calendar: z.string().max(64) }),
  query: z.object({
    from: CalendarDate.describe('First day, `YYYY-MM-DD`.'),
    to: CalendarDate.describe('Last day, `YYYY-MM-DD`; at most 400 days.'),
  }),
  answers: { 200: { means: 'Every day, in order.', body: CalendarDays } },
  problems: allProblems(ownerProblems, unknownCalendar, { 422: ['CAL_RANGE_INVALID'] }),
};

export const importCalendar: Operation = {
  id: 'importCalendar',
  method: 'POST',
  path: '/v1/calendars/import',
  scope: 'calendars:write',
  tag,
  summary: 'Import a year of holidays, or office hours',
  describes:
    'Replaces that year, those hours, in every service; all else stays, and so do old versions. Units without data of ' +
    'their own follow the default. Provisional deadlines are reckoned anew. `dryRun=true` answers the difference and ' +
    'every deadline that would move, and changes nothing. Needs a key for all areas.',
  query: z.object({
    calendar: CalendarName.optional().describe('Default `default`; a new name makes the calendar of a unit.'),
    dryRun: z.enum(['true', 'false']).optional().describe('Only say what would change.'),
  }),
  headers: commandHeaders,
  bodies: { 'application/json': CalendarImport },
  answers: commandAnswers('What changed, or would.', CalendarImported, OperationView),
  problems: allProblems(commandProblems, ownerProblems, queryProblems, {
    403: ['GTW_AREA_LIMITED', 'CAL_FORBIDDEN'],
    422: ['CAL_YEAR_EMPTY'],
  }),
};

export const calendarOperations = [previewDeadline, listCalendars, listCalendarDays, importCalendar] as const;
