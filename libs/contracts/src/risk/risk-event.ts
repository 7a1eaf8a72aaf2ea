import { z } from 'zod';
import { defaultCredibilities } from './sources.js';

/** PostgreSQL text cannot hold it. */
const withoutNul = (value: string): boolean => !value.includes('\0');

const text = (max: number) => z.string().min(1).max(max).refine(withoutNul, 'must not hold U+0000');

/** Where, below the community: each part optional. */
export const Place = z.object({
  grid: text(64)
    .optional()
    .describe('Grid (网格): the area code, a dash and a number, or the tenant’s own code.'),
  building: text(64).optional().describe('Building number or name.'),
  dispute: text(64).optional().describe('A named dispute that spans places; takes precedence as scope.'),
  point: z
    .tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
    .optional()
    .describe('Longitude and latitude, degrees, WGS 84 (RFC 7946 order).'),
});

/** One risk event as an urban-brain system posts it (`POST /v1/risk-events`). */
export const RiskEvent = z.object({
  id: text(128).describe('Unique within its source; with source and tenant the key of deduplication.'),
  source: text(64).describe('System or channel it comes from; gives the default credibility.'),
  category: text(64).describe('Code (DSP-04) or slug (dsp.property_service) of one of the 98 categories.'),
  area: text(64).describe('Division code of the community, 12 digits; 15 or 17 with grid and micro-grid.'),
  place: Place.optional(),
  occurredAt: z.iso
    .datetime({ offset: true })
    .describe('When it happened, with offset. At most 5 minutes in the future.'),
  credibility: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(`0 to 1. Default by source: ${defaultCredibilities}.`),
  severity: z.number().min(0.5).max(1.5).optional().describe('0.5 to 1.5. Default 1.'),
  confirmed: z.boolean().optional().describe('Verified by an officer or a department. Default false.'),
  party: text(256)
    .optional()
    .describe('Any stable text naming who reports; hashed at the door, never stored.'),
  vulnerable: z.boolean().optional().describe('A vulnerable person is involved. Default false.'),
  triggers: z
    .array(z.string().max(64))
    .max(16)
    .optional()
    .describe('Named facts that set a colour by themselves: GET /v1/risk-triggers.'),
  text: z
    .string()
    .max(4000)
    .refine(withoutNul, 'must not hold U+0000')
    .optional()
    .describe('Free text, at most 4,000 characters; encrypted at the door.'),
  exercise: z
    .boolean()
    .optional()
    .describe('Of an exercise (演练): scored and warned of apart from everything real. Default false.'),
});
export type RiskEvent = z.infer<typeof RiskEvent>;

/** An accepted event on its way to the risk service: normalised, defaults filled, party hashed, text encrypted. */
export const IntakeEvent = z.object({
  id: z.string(),
  source: z.string(),
  category: z.string().describe('Code of a known category; else what was sent, with `quarantine` set.'),
  area: z.string(),
  grid: z.string().nullable(),
  building: z.string().nullable(),
  dispute: z.string().nullable(),
  point: z.tuple([z.number(), z.number()]).nullable(),
  occurredAt: z.number().describe('Milliseconds since 1970, UTC.'),
  credibility: z.number(),
  severity: z.number(),
  confirmed: z.boolean(),
  party: z.string().nullable().describe('Keyed hash (HMAC-SHA-256, 128 bits, hex).'),
  vulnerable: z.boolean(),
  triggers: z.array(z.string()),
  text: z.string().nullable().describe('AES-256-GCM, base64url.'),
  quarantine: z
    .enum(['category', 'area'])
    .nullable()
    .describe('What the gateway did not know; the risk service decides.'),
  exercise: z.literal(true).optional().describe('Of an exercise. Absent: real.'),
});
export type IntakeEvent = z.infer<typeof IntakeEvent>;

/** One record of `linli.risk.intake.v1`: many events of one tenant and one partition. */
export const IntakeRecord = z.object({
  tenant: z.string(),
  receivedAt: z.number().describe('When the gateway took it, milliseconds since 1970, UTC.'),
  correlationId: z.string(),
  events: z.array(IntakeEvent).min(1).max(250),
});
export type IntakeRecord = z.infer<typeof IntakeRecord>;

/** Limits of the intake wire. */
export const INTAKE_LIMITS = {
  itemsPerRequest: 1000,
  bytesPerRequest: 1024 * 1024,
  eventsPerRecord: 250,
  bytesPerRecord: 256 * 1024,
  futureMs: 5 * 60_000,
  windowDays: 30,
} as const;
