import { z } from 'zod';
import { CalendarName, DEFAULT_CALENDAR } from '../calendars/calendar.js';
import { CalendarImport, MovingDeadline } from '../calendars/import.js';
import { Budget } from '../calendars/preview.js';

const instant = z.iso.datetime({ offset: true });
const count = z.int().nonnegative();

/** From the most to the least urgent. */
export const slaBands = ['overdue', 'under10', 'under25', 'under50', 'rest'] as const;

export const SlaBand = z
  .enum(slaBands)
  .describe(
    'How much of the budget is left, in the basis of the deadline (working time of working budgets): past its due time, ' +
      'under 10 %, under 25 %, under 50 %, or the rest. Each deadline is in one band.',
  );
export type SlaBand = z.infer<typeof SlaBand>;

/** What a queue is: deadlines of one clock that one unit has to keep, in one service. */
const queue = {
  service: z.string().describe('Whose deadlines they are.'),
  clock: z.string().describe("The clock's name in the rules, e.g. `verify`."),
  unit: z.string().nullable().describe('Who has to keep them; null: nobody was named.'),
} as const;

const unreachable = z
  .array(z.string())
  .describe('Services that did not answer: what they hold is missing here.');

export const SlaQueue = z.object({
  ...queue,
  total: count.describe('Open deadlines, those that stand still among them.'),
  bands: z
    .object({ overdue: count, under10: count, under25: count, under50: count, rest: count })
    .describe('By how much of the budget is left; they sum to the total. See `band`.'),
  suspended: z.object({
    total: count.describe('Of all these, those that stand still now.'),
    reasons: z
      .array(z.object({ reason: z.string(), count }))
      .describe('Why, the most frequent first; the first ten.'),
  }),
  provisional: count.describe('That reach into a year for which no calendar is published.'),
  unescalated: count.describe(
    'Past their due time without anybody having been told: not fired within 5 s, or not heard within a minute. Must be 0.',
  ),
  oldest: instant.describe('When the first of them was started.'),
  firstDue: instant.nullable().describe('When the first of them is due, or was; null: all stand still.'),
});
export type SlaQueue = z.infer<typeof SlaQueue>;

/** Answer of `GET /v1/sla/queues`. */
export const SlaQueues = z.object({
  at: instant.describe('When it was counted, by the clock of the database.'),
  items: z.array(SlaQueue).describe('By service, clock and unit; only those with an open deadline.'),
  unreachable,
});
export type SlaQueues = z.infer<typeof SlaQueues>;

export const SlaState = z
  .enum(['armed', 'due', 'fired'])
  .describe('Not due yet; due, and what it is about has not answered; due, and heard.');
export type SlaState = z.infer<typeof SlaState>;

export const SlaItem = z.object({
  id: z.uuid().describe('Of the deadline.'),
  ...queue,
  aggregateId: z.uuid().describe('What it is a deadline of.'),
  area: z.string().nullable().describe('Division code.'),
  state: SlaState,
  startedAt: instant,
  due: instant.nullable().describe('Null: it stands still, with no end in sight.'),
  band: SlaBand,
  remaining: z
    .object({
      share: z.number().describe('Of the budget, 1 = all of it; below 0: past the due time by so much.'),
      amount: z.number().describe('In the unit of the budget.'),
      basis: Budget.shape.basis,
      unit: Budget.shape.unit,
    })
    .describe('What is left of the budget and its extensions.'),
  suspended: z
    .object({
      since: instant,
      until: instant.nullable().describe('Null: until somebody resumes it.'),
      reason: z.string(),
    })
    .nullable()
    .describe('Stands still now; null: it runs.'),
  provisional: z.boolean().describe('It may move when a calendar is imported.'),
  exercise: z.boolean().describe('Of an exercise (演练); queues and forecasts count it only when asked to.'),
  explanation: z.string().describe('Where every interval of it is explained.'),
});
export type SlaItem = z.infer<typeof SlaItem>;

/** Where a page of items ended; the next one begins behind it, in whatever services. */
export const SlaCursor = z
  .string()
  .regex(/^(?:[0-9]{1,13}|-)\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/u, 'is not one of ours')
  .describe('`next` of the page before.');

export const slaCursorOf = ({ due, id }: Pick<SlaItem, 'due' | 'id'>): string =>
  `${due === null ? '-' : Date.parse(due)}.${id}`;

/** Answer of `GET /v1/sla/items`. */
export const SlaItemPage = z.object({
  at: instant.describe('When it was read, by the clock of the database.'),
  items: z.array(SlaItem).describe('The first due first; those that stand still without an end come last.'),
  next: z.string().nullable(),
  unreachable,
});
export type SlaItemPage = z.infer<typeof SlaItemPage>;

export const SlaForecastQueue = z.object({
  ...queue,
  until: instant.describe("When the hours that were asked for have passed, by the unit's calendar."),
  overdue: count.describe('Past their due time already: they are served first.'),
  waiting: count.describe('Due until then and not overdue.'),
  throughput: z.object({
    since: instant.describe('From when on it was counted.'),
    hours: z.number().describe('Working hours since then; at least one.'),
    ended: count.describe('Deadlines that ended since then.'),
    inTime: count.describe('Of these, in time.'),
    perHour: z.number().describe('Ended per working hour.'),
  }),
  atRisk: count.describe('Of those waiting, how many will be past their due time before their turn comes.'),
  first: z
    .object({
      id: z.uuid().describe('Of the deadline.'),
      due: instant,
      expected: instant.nullable().describe('When its turn comes; null: nothing was ended, so never.'),
    })
    .nullable()
    .describe('The first of those at risk.'),
});
export type SlaForecastQueue = z.infer<typeof SlaForecastQueue>;

/** Answer of `GET /v1/sla/forecast`. */
export const SlaForecast = z.object({
  at: instant,
  hours: z.int().describe('Working hours ahead.'),
  lookbackHours: z.int().describe('Working hours back over which throughput was counted.'),
  items: z.array(SlaForecastQueue).describe('By service, clock and unit.'),
  unreachable,
});
export type SlaForecast = z.infer<typeof SlaForecast>;

/** Body of `POST /v1/sla/what-if`. */
export const WhatIf = z.discriminatedUnion('change', [
  z
    .object({
      change: z.literal('calendar'),
      calendar: CalendarName.default(DEFAULT_CALENDAR),
      content: CalendarImport,
    })
    .strict(),
  z
    .object({
      change: z.literal('policy'),
      clock: z.string().min(1).max(100).describe('The clock that gets another budget.'),
      unit: z.string().min(1).max(200).optional().describe('Only for this unit; absent: for all.'),
      budget: Budget.describe('What it would get. Extensions that were granted stay.'),
    })
    .strict(),
]);
export type WhatIf = z.infer<typeof WhatIf>;

export const WhatIfMove = MovingDeadline.extend({
  service: queue.service,
  late: z.boolean().describe('It would be past its due time at once, and is not now.'),
});
export type WhatIfMove = z.infer<typeof WhatIfMove>;

/** Answer of `POST /v1/sla/what-if`. Nothing was changed. */
export const WhatIfAnswer = z.object({
  at: instant,
  change: z.enum(['calendar', 'policy']),
  moving: count.describe('How many deadlines would move.'),
  earlier: count.describe('Of these, to an earlier due time.'),
  later: count.describe('Of these, to a later one.'),
  late: count.describe('Of these, how many would be past their due time at once, and are not now.'),
  deadlines: z.array(WhatIfMove).describe('Those that move; the first 1,000 of each service.'),
});
export type WhatIfAnswer = z.infer<typeof WhatIfAnswer>;
