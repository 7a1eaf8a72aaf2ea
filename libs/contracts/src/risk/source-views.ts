import { z } from 'zod';

const instant = z.iso.datetime({ offset: true });

/** How a source is doing: is it heard, is it right. */
export const RiskSource = z.object({
  source: z.string(),
  lastHeardAt: instant.nullable().describe('Beginning of the last five minutes in which events came.'),
  usualPauseMinutes: z
    .number()
    .nullable()
    .describe('Nineteen of twenty pauses were not longer, in 60 days; null: heard only once.'),
  expectedBy: instant
    .nullable()
    .describe('Twice the usual pause after it was last heard; null while its rhythm is not known.'),
  silentSince: instant.nullable().describe('It should have been heard by now.'),
  credibility: z.object({
    default: z.number(),
    alpha: z.number(),
    beta: z.number(),
    mean: z
      .number()
      .describe('What a signal counts for that does not say itself: mean of Beta(alpha, beta).'),
    right: z.int().describe('Confirmed warnings that rested on it.'),
    wrong: z.int().describe('False alarms that rested on it.'),
  }),
});
export const RiskSources = z.object({ items: z.array(RiskSource) });
export type RiskSources = z.infer<typeof RiskSources>;

/** What one verified warning taught about a source. */
export const Credit = z.object({
  source: z.string(),
  warning: z.uuid(),
  right: z.boolean().describe('True: confirmed. False: a false alarm.'),
  at: instant,
  undone: z
    .object({ at: instant, by: z.string().describe('Name of the key.'), reason: z.string() })
    .nullable()
    .describe('It does not count any more.'),
});
export const Credits = z.object({ items: z.array(Credit).describe('The latest first, at most 200.') });
export type Credits = z.infer<typeof Credits>;

/** Answer of `POST /v1/risk/credits/undo`. */
export const UndoneCredit = Credit.pick({ source: true, warning: true, undone: true });

/** Body of `POST /v1/risk/credits/undo`. */
export const UndoCredit = z
  .object({
    source: z.string().min(1).max(64),
    warning: z.uuid(),
    reason: z.string().max(500).regex(/\S/u, 'must not be blank'),
  })
  .strict();
