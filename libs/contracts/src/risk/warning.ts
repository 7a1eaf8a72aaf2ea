import { z } from 'zod';
import { Supervision } from './warning-clocks.js';

/** Internal levels are numbers, 3 high to 1 low (domain notes 3.1); colours are names of the default palette. */
export const colours = ['yellow', 'orange', 'red'] as const;
export const Colour = z
  .enum(colours)
  .describe('Three-colour work prompt: red (L3), orange (L2), yellow (L1). Never a public alert.');
export type Colour = z.infer<typeof Colour>;

/** 0 = none, 1 = yellow, 2 = orange, 3 = red. */
export type Level = 0 | 1 | 2 | 3;
export const levelOf = (colour: Colour | null): Level =>
  colour === null ? 0 : ((colours.indexOf(colour) + 1) as Level);
export const colourOf = (level: Level): Colour | null => (level === 0 ? null : (colours[level - 1] ?? null));

export const warningStatuses = [
  'candidate',
  'issued',
  'acknowledged',
  'confirmed',
  'disposing',
  'external',
  'monitoring',
  'closed',
  'merged',
  'expired',
  'false_alarm',
  'dismissed',
] as const;
export const WarningStatus = z.enum(warningStatuses);
export type WarningStatus = z.infer<typeof WarningStatus>;

export const WarningOutcome = z
  .enum(['event', 'averted', 'resolved', 'false_alarm'])
  .describe(
    'event: it happened. averted: it was imminent and prevented. resolved: the confirmed cause is gone, no imminence ' +
      'shown. false_alarm: there was nothing.',
  );
export type WarningOutcome = z.infer<typeof WarningOutcome>;

export const ExternalBody = z
  .enum(['police', 'fire', 'medical', 'other'])
  .describe('Police (110), fire service (119), ambulance (120), or another body.');
export const LinkKind = z.enum(['mediation', 'petition']);
export const MergeReason = z.enum(['scope', 'cause']).describe('Same scope, or same cause.');

export const Exercise = z
  .boolean()
  .describe('An exercise (演练), not real: raised by signals of an exercise, in no statistics.');

/** What a warning is about, narrowest part only: a named dispute, a grid, a building, or the whole area. */
export const WarningScope = z.union([
  z.object({ dispute: z.string() }).strict(),
  z.object({ grid: z.string() }).strict(),
  z.object({ building: z.string() }).strict(),
  z.object({ area: z.string() }).strict(),
]);
export type WarningScope = z.infer<typeof WarningScope>;

const instant = z.iso.datetime({ offset: true });

/** A warning as it is shown. */
export const Warning = z.object({
  id: z.uuid(),
  category: z.string().describe('Code of the category.'),
  group: z.string().describe('Group of the category, three letters.'),
  area: z.string().describe('Division code of the community.'),
  scope: WarningScope,
  exercise: Exercise,
  point: z
    .tuple([z.number(), z.number()])
    .nullable()
    .describe('A place to point at: that of the first event which had one (WGS 84).'),
  colour: Colour,
  colourName: z.string().describe('The colour in the palette of the tenant: 红, 橙, 黄 …'),
  score: z.number().min(0).max(100).describe('Score at the last assessment, one decimal.'),
  status: WarningStatus,
  version: z.int().positive().describe('Number of its changes; the ETag. A reminder changes nothing.'),
  supervision: Supervision.describe(
    'Highest supervision level (督办) that a missed clock led to; 0: none was missed.',
  ),
  raisedAt: instant.describe('When it became a candidate.'),
  issuedAt: instant.nullable(),
  acknowledgedAt: instant.nullable(),
  acknowledgedBy: z.string().nullable(),
  verifiedAt: instant.nullable(),
  planDue: instant.nullable().describe('When the measures of its plan are due.'),
  external: z
    .object({ body: ExternalBody, reference: z.string() })
    .nullable()
    .describe('Who took it over, and under which number.'),
  links: z
    .array(z.object({ kind: LinkKind, id: z.string() }))
    .describe('Mediations and petitions opened for it.'),
  monitoredAt: instant.nullable().describe('Since when the danger is gone.'),
  visits: z.int().nonnegative().describe('Visits made since then.'),
  nextVisit: instant.nullable().describe('When the next visit may be made; null when none is due.'),
  outcome: WarningOutcome.nullable(),
  closedAt: instant.nullable().describe('When it ended, however it did.'),
  mergedInto: z.uuid().nullable(),
  silencedUntil: instant
    .nullable()
    .describe(
      'A silence held when it was raised: notifications about it are muted until then. Never for red.',
    ),
  updatedAt: instant,
  ruleVersion: z.string().describe('Version of the parameters of the score.'),
});
export type Warning = z.infer<typeof Warning>;

export const WarningPage = z.object({
  items: z.array(Warning),
  next: z.string().nullable().describe('Cursor of the next page; null at the end.'),
});
export type WarningPage = z.infer<typeof WarningPage>;
