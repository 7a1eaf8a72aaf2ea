import { z } from 'zod';
import { CalendarVersion, DEFAULT_CALENDAR } from './calendar.js';

const instant = z.iso.datetime({ offset: true });

/**
 * How much time a deadline gives. `wall`: time as it passes. `calendar`: whole days, rest days too, the day of the event
 * not counted (民法典 Arts 201, 202). `working`: office hours only; in days, again without the day of the event.
 */
export const Budget = z
  .object({
    basis: z
      .enum(['wall', 'calendar', 'working'])
      .describe('Time as it passes, whole days, or office hours only.'),
    amount: z.int().min(1).max(100_000).describe('How many of the unit.'),
    unit: z
      .enum(['minutes', 'hours', 'days'])
      .describe(
        'With `calendar` only days. Days of `calendar` and `working` do not count the day of the event.',
      ),
  })
  .refine(({ basis, unit }) => basis !== 'calendar' || unit === 'days', {
    path: ['unit'],
    message: 'must be days: calendar days are counted whole',
  });
export type Budget = z.infer<typeof Budget>;

const Pause = z
  .object({
    from: instant.describe('Stands still from then on.'),
    to: instant.nullable().default(null).describe('Goes on then; null: it still stands still.'),
    reason: z.string().min(1).max(200).describe('Shown in the intervals.'),
  })
  .strict()
  .refine(({ from, to }) => to === null || Date.parse(from) < Date.parse(to), {
    path: ['to'],
    message: 'must lie after `from`',
  });

/** Body of `POST /v1/deadlines/preview`. */
export const PreviewOrder = Budget.safeExtend({
  from: instant.describe('The event that starts the clock.'),
  calendar: z.string().min(1).max(64).default(DEFAULT_CALENDAR).describe('Name of the calendar.'),
  roll: z
    .boolean()
    .default(true)
    .describe(
      'A period of calendar days that ends on a rest day ends on the next working day (民法典 Art 203).',
    ),
  suspensions: z
    .array(Pause)
    .max(100)
    .default([])
    .describe('Stretches in which the clock stands still; they may overlap.'),
}).strict();
export type PreviewOrder = z.infer<typeof PreviewOrder>;

export const PreviewedInterval = z.object({
  from: instant,
  to: instant,
  kind: z.enum(['counted', 'skipped', 'suspended']),
  reason: z.string().describe('Why: working day, holiday, outside office hours, what it was suspended for.'),
  seconds: z.number().nonnegative().describe('Its length.'),
});
export type PreviewedInterval = z.infer<typeof PreviewedInterval>;

/** Answer of `POST /v1/deadlines/preview`. */
export const DeadlinePreview = z.object({
  due: instant.nullable().describe('Null: it stands still, with no end in sight.'),
  unrolledDue: instant.nullable().describe('Before it was rolled to a working day: what alerts go by.'),
  provisional: z
    .boolean()
    .describe('It reaches into a year for which no calendar is published: it may move when one is imported.'),
  calendarVersion: CalendarVersion,
  intervals: z
    .array(PreviewedInterval)
    .describe(
      'All the time from the event to the due time, without a gap; those counted sum to the budget. Of a clock that ' +
        'stands still: up to now.',
    ),
  remainingSeconds: z
    .number()
    .nonnegative()
    .describe('Counted time still ahead; of a clock that stands still, if it went on now.'),
});
export type DeadlinePreview = z.infer<typeof DeadlinePreview>;
