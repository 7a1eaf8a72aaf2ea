import { z } from 'zod';
import { MovingDeadline } from '../calendars/import.js';
import { Budget } from '../calendars/preview.js';

const instant = z.iso.datetime({ offset: true });
const count = z.int().nonnegative();

/** Clocks that people keep, by the row of domain notes 3.6; visits and expiry are the same for every tenant. */
export const policyClocks = ['ack', 'verify', 'plan', 'update', 'reassess'] as const;
export type PolicyClock = (typeof policyClocks)[number];

const LONGEST = { minutes: 100_000, hours: 24 * 366, days: 366 } as const;

const ClockBudget = Budget.refine(({ amount, unit }) => amount <= LONGEST[unit], {
  path: ['amount'],
  message: 'must be a year at most',
});

const partOfColours = z
  .object({ red: ClockBudget.optional(), orange: ClockBudget.optional(), yellow: ClockBudget.optional() })
  .strict();
const allColours = z.object({ red: Budget, orange: Budget, yellow: Budget });

const clocksOf = <S extends z.ZodType>(colours: S) =>
  ({
    ack: colours.describe('Acknowledge, from the issue on.'),
    verify: colours.describe('Verify on site, from the issue on.'),
    plan: colours.describe('Plan with an owner, from the verification on.'),
    update: colours.describe('Rhythm of reports.'),
    reassess: colours.describe('Look at the colour again.'),
  }) as const;

/** Body of `POST /v1/risk/response-policy`: what changes, by clock and colour. */
export const NewResponsePolicy = z
  .object({
    version: z
      .string()
      .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u, 'must be letters, digits, dots, dashes; at most 64')
      .describe('A name of its own, which every clock started by it carries.'),
    source: z.string().trim().min(1).max(500).describe('The document that says so.'),
    clocks: z
      .object(clocksOf(partOfColours))
      .partial()
      .strict()
      .refine((clocks) => Object.values(clocks).some((colours) => Object.keys(colours ?? {}).length > 0), {
        message: 'must name a clock and a colour',
      })
      .describe('What is not named stays as it is in force.'),
  })
  .strict();
export type NewResponsePolicy = z.infer<typeof NewResponsePolicy>;

/** A version of what is to be done within which time. */
export const ResponsePolicy = z.object({
  version: z.string(),
  source: z.string().describe('The document that says so.'),
  validFrom: instant.nullable().describe('Null: it holds until the tenant sets another.'),
  setBy: z.string().nullable().describe('Id of the key that set it; null: it came with the release.'),
  clocks: z.object(clocksOf(allColours)).describe('All of it, by clock and colour.'),
});
export type ResponsePolicy = z.infer<typeof ResponsePolicy>;

/** Answer of `GET /v1/risk/response-policy`. */
export const ResponsePolicies = z.object({
  inForce: ResponsePolicy,
  history: z
    .array(ResponsePolicy)
    .describe('All versions, the newest first; the last came with the release.'),
});
export type ResponsePolicies = z.infer<typeof ResponsePolicies>;

/** What a policy changed, or with `dryRun` would change. */
export const ResponsePolicySet = z.object({
  dryRun: z.boolean(),
  policy: ResponsePolicy,
  at: instant.describe('When it was weighed, by the clock of the database.'),
  moving: count.describe('How many deadlines move.'),
  earlier: count.describe('Of these, to an earlier due time.'),
  later: count.describe('Of these, to a later one.'),
  late: count.describe('Of these, how many are past their due time at once, and were not before.'),
  deadlines: z
    .array(
      MovingDeadline.extend({ late: z.boolean().describe('Past its due time at once, and not before.') }),
    )
    .describe('Those that move; the first 1,000.'),
});
export type ResponsePolicySet = z.infer<typeof ResponsePolicySet>;
