import { z } from 'zod';
import { CalendarName, CalendarVersion } from '../calendars/calendar.js';
import { Budget, PreviewedInterval } from '../calendars/preview.js';

const instant = z.iso.datetime({ offset: true });

export const deadlineStates = ['running', 'suspended', 'overdue', 'ended', 'missed'] as const;
export const DeadlineState = z
  .enum(deadlineStates)
  .describe(
    'running: its time passes. suspended: it stands still. overdue: its time is over and nobody has ended it. ended: in ' +
      'time, by what was to be done or because nobody waits for it any more. missed: ended too late.',
  );

/** A deadline as it stands. */
export const DeadlineView = z.object({
  id: z.uuid(),
  clock: z.string().describe('Its name in the rules.'),
  state: DeadlineState,
  unit: z.string().nullable().describe('Who has to keep it: division code.'),
  startedAt: instant.describe('The event that started it.'),
  budget: Budget,
  due: instant.nullable().describe('Null while it is suspended.'),
  remainingSeconds: z
    .number()
    .nullable()
    .describe('From now to `due`; below 0: overdue. Null when it is suspended or over.'),
  suspended: z
    .object({ since: instant, by: z.string().nullable(), reason: z.string() })
    .nullable()
    .describe('Since when it stands still, by which key (`system`: by the rules), and why.'),
  provisional: z
    .boolean()
    .describe('Reaches into a year without a calendar: it may move when one is imported.'),
  calendar: CalendarName,
  calendarVersion: CalendarVersion,
  supervision: z
    .int()
    .min(1)
    .max(3)
    .nullable()
    .describe('Supervision level if it is missed; null: nobody is supervised for it, or it is over.'),
  rungs: z
    .array(
      z.object({
        name: z.string().describe('`half`, `most`, `due` …'),
        at: instant.nullable().describe('Null: not in sight, for the clock stands still before it.'),
        reached: z.boolean().describe('Whether it was reached and told.'),
      }),
    )
    .describe('The ladder, in the order of time.'),
  endedAt: instant.nullable(),
});
export type DeadlineView = z.infer<typeof DeadlineView>;

export const DeadlineList = z.object({
  items: z.array(DeadlineView).describe('In the order in which they started, those that are over too.'),
});
export type DeadlineList = z.infer<typeof DeadlineList>;

/** Why a deadline is due when it is. */
export const DeadlineExplanation = z.object({
  deadline: DeadlineView,
  intervals: z
    .array(PreviewedInterval)
    .describe('From the event to the due time without a gap; those counted sum to the budget.'),
  ledger: z
    .array(
      z.object({
        version: z.int().positive(),
        kind: z.enum(['arm', 'pause', 'resume', 'extend', 'change', 'import', 'end']),
        at: instant.describe('From when it holds.'),
        by: z.string().describe('Key that did it; `system`: a rule did.'),
        reason: z.string(),
        due: instant.nullable().describe('The due time after it.'),
        adopted: z.boolean().describe('False: it was asked for and would have harmed a resident.'),
      }),
    )
    .describe('Every change, in order.'),
});
export type DeadlineExplanation = z.infer<typeof DeadlineExplanation>;
