import { z } from 'zod';
import { Boundary } from './boundary.js';
import { Colour } from './warning.js';

const instant = z.iso.datetime({ offset: true });

/** A share with what it rests on. */
export const Share = z
  .object({
    right: z.int().describe('Cases that count.'),
    of: z.int().describe('All cases.'),
    percent: z.number().nullable().describe('0 to 100, one decimal; null below ten cases.'),
    interval: z
      .tuple([z.number(), z.number()])
      .nullable()
      .describe('Wilson 95 % interval of the percentage (Wilson 1927); null below ten cases.'),
  })
  .describe('A share: no percentage below ten cases.');
export type Share = z.infer<typeof Share>;

const Spread = z.object({
  cases: z.int(),
  medianMinutes: z.number().nullable(),
  p10Minutes: z.number().nullable().describe('A tenth of the cases lies below.'),
});

/** How good warnings of one kind were (domain notes 3.8, 3.9); those of exercises do not count. */
export const AccuracyOfKind = z.object({
  counts: z.object({
    event: z.int(),
    averted: z.int(),
    resolved: z.int(),
    falseAlarm: z.int(),
    dismissedAfterIssue: z.int(),
    expired: z.int().describe('Never verified: in none of the shares.'),
    incidents: z
      .int()
      .describe('Events of record that no warning was closed with (POST /v1/risk/incidents).'),
  }),
  precisionStrict: Share.describe('(event + averted) of (these + false alarms + dismissed after issue).'),
  precisionConfirmed: Share.describe(
    '(event + averted + resolved) of (these + false alarms): the usual 预警准确率.',
  ),
  recall: Share.describe(
    'Events warned of early enough, of all that are known: those that warnings were closed with, and incidents. An event ' +
      'that nobody recorded is in neither. Early enough: 24 h (decay of 7 days: disputes, mass …), 2 h (3 days: fraud, ' +
      'fire …), 30 min (1 day: lifelines, nature).',
  ),
  leadTime: Spread.describe('From issue to the event, or to the action that averted it.'),
  secondLooks: z
    .object({
      asked: z.int().describe('Warnings of the period that were picked to be verified twice: one in ten.'),
      agreed: Share.describe('Both officers found the same, of those that were verified twice.'),
      kappa: z
        .number()
        .nullable()
        .describe(
          'Cohen’s kappa of the two (Cohen 1960), two decimals; null below ten, or where all said one thing.',
        ),
    })
    .describe('Quality of the labels on which all this rests.'),
  early: z
    .object({
      found: Spread.describe('早发现: from the first signal received to issue.'),
      foundBefore: Share.describe('早发现: events with a signal received before they happened.'),
      engaged: Spread.describe('早介入: from issue to the first officer on site.'),
      engagedInTime: Share.describe(
        '早介入: first on site within the limit of the colour at issue, by the policy in force then; where that is wall time.',
      ),
      resolved: Share.describe('早化解: closed without the event.'),
      settledAtCommunity: Share.describe(
        '早化解: closed without the event, never above yellow and never handed over, of all closed.',
      ),
    })
    .describe('三早 measures.'),
});
export type AccuracyOfKind = z.infer<typeof AccuracyOfKind>;

/** Answer of `GET /v1/risk/accuracy`. Traditional and new-type risks are never added up. */
export const Accuracy = z.object({
  from: instant.nullable(),
  to: instant.nullable(),
  area: z.string().nullable(),
  traditional: AccuracyOfKind,
  nonTraditional: AccuracyOfKind,
});
export type Accuracy = z.infer<typeof Accuracy>;

/** Answer of `GET /v1/risk/map` (RFC 7946): one feature an area. */
export const RiskMap = z.object({
  type: z.literal('FeatureCollection'),
  features: z.array(
    z.object({
      type: z.literal('Feature'),
      id: z.string().describe('Division code.'),
      geometry: Boundary.nullable().describe('As loaded with POST /v1/areas; null where none was.'),
      properties: z.object({
        area: z.string(),
        name: z.string().nullable(),
        colour: Colour.nullable().describe('The highest colour of its open, issued warnings; null: none.'),
        colourName: z.string().nullable().describe('The same in the palette of the tenant.'),
        red: z.int(),
        orange: z.int(),
        yellow: z.int(),
        candidates: z.int().describe('Not issued yet.'),
        monitoring: z.int().describe('The danger is gone; visits go on.'),
        exercises: z
          .int()
          .describe('Warnings of exercises: in none of the other counts, and of no colour here.'),
      }),
    }),
  ),
});
export type RiskMap = z.infer<typeof RiskMap>;
