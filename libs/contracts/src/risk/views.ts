import { z } from 'zod';
import { Colour, Exercise, Warning } from './warning.js';

const instant = z.iso.datetime({ offset: true });

/** What the gateway needs to sort events at the door; the risk service decides in the end. */
export const IntakeView = z.object({
  categories: z.record(z.string(), z.string()).describe('Mappings of unknown categories, by what was sent.'),
  areas: z.record(z.string(), z.string()).describe('Mappings of unknown areas, by what was sent.'),
  loadedAreas: z
    .array(z.string())
    .nullable()
    .describe('Codes the tenant loaded; null = none loaded, every well-formed code is known.'),
  credibilities: z
    .record(z.string(), z.number())
    .default({})
    .describe('Credibility of the sources about which verified warnings taught something.'),
});
export type IntakeView = z.infer<typeof IntakeView>;

export const RiskEventSummary = z.object({
  stored: z.int().describe('Events stored once and scored; quarantine not included.'),
  duplicates: z.int().describe('Further copies of stored events that arrived and changed nothing.'),
  quarantined: z.int().describe('Events kept in quarantine now.'),
  counting: z.int().describe('Stored events that lie in the 30-day window of an uncleared place.'),
  exercises: z.int().describe('Of those stored: events of exercises.'),
  lastReceivedAt: instant.nullable(),
});
export type RiskEventSummary = z.infer<typeof RiskEventSummary>;

/** What became of one event. */
export const RiskEventFate = z.object({
  id: z.string(),
  source: z.string(),
  status: z.enum(['stored', 'quarantined']),
  reason: z.string().nullable().describe('Why it is in quarantine: `category` or `area`.'),
  category: z.string(),
  area: z.string(),
  occurredAt: instant,
  receivedAt: instant,
  storedAt: instant,
  duplicates: z.int(),
  exercise: Exercise,
  counts: z.boolean().describe('In the 30-day window now, and its place not cleared since.'),
  warning: z.object({ id: z.uuid(), colour: Colour, status: z.string() }).nullable(),
});
export type RiskEventFate = z.infer<typeof RiskEventFate>;

export const QuarantinedEvent = z.object({
  id: z.string(),
  source: z.string(),
  reason: z.enum(['category', 'area']),
  category: z.string(),
  area: z.string(),
  occurredAt: instant,
  receivedAt: instant,
  exercise: Exercise,
});
export const QuarantinePage = z.object({
  total: z.int(),
  unknown: z
    .array(z.object({ field: z.enum(['category', 'area']), value: z.string(), events: z.int() }))
    .describe('What is unknown, most frequent first, at most 100.'),
  items: z.array(QuarantinedEvent),
  next: z.string().nullable(),
});
export type QuarantinePage = z.infer<typeof QuarantinePage>;

export const ReplayResult = z.object({ replayed: z.int(), remaining: z.int() });

/** One factor of a score, in the order of domain notes 3.4. */
export const Factor = z.object({
  name: z.enum(['base', 'repeat', 'vulnerable', 'sensitive_period', 'compound', 'anomaly']),
  value: z.number().describe('base: 0-100; anomaly: points added; the others: multiplier.'),
  reason: z.string(),
});

/** Why a warning has its colour: enough to compute it again by hand. */
export const WarningExplanation = z.object({
  warning: Warning,
  assessedAt: instant.describe('The instant for which the score was computed.'),
  ruleVersion: z.string(),
  score: z.number(),
  weightedSum: z.number().describe('D: sum of the item values.'),
  factors: z.array(Factor),
  colour: z.object({
    byScore: Colour.nullable(),
    byFloor: Colour.nullable().describe('A confirmed signal, or a credible one of a floor-red category.'),
    byTrigger: Colour.nullable(),
    triggers: z.array(z.string()),
  }),
  events: z
    .array(
      z.object({
        source: z.string(),
        id: z.string(),
        occurredAt: instant,
        ageDays: z.number(),
        credibility: z.number(),
        severity: z.number(),
        nearness: z.number().describe('K: 1 inside, 0.5 in a neighbour grid.'),
        value: z.number().describe('x: what it adds to D.'),
        counted: z
          .boolean()
          .describe('False: a fourth or later signal of one party, which feeds the repeat factor.'),
      }),
    )
    .describe('The events in the window, strongest first, at most 200.'),
  eventsInWindow: z.int(),
  recomputed: z
    .object({ score: z.number(), equal: z.boolean() })
    .describe('The score computed again now from the stored events.'),
  lowering: z.array(z.string()).describe('What would lower it.'),
});
export type WarningExplanation = z.infer<typeof WarningExplanation>;

export const TimelineEntry = z.object({
  at: instant,
  type: z.string(),
  version: z.int(),
  actor: z.string(),
  summary: z.string(),
  data: z.unknown(),
});
export const Timeline = z.object({ items: z.array(TimelineEntry) });
export type Timeline = z.infer<typeof Timeline>;
