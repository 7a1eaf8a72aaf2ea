import { z } from 'zod';
import { AreaPrefix } from '../principal.js';

const instant = z.iso.datetime({ offset: true });
const until = instant.describe('It ends by itself then; at most 30 days away.');

/** Body of `POST /v1/risk/silences`. */
export const NewSilence = z
  .object({
    area: AreaPrefix,
    category: z
      .string()
      .max(64)
      .optional()
      .describe('Code (DSP-04), slug or group (DSP) of categories. Absent: all.'),
    reason: z.string().max(500).regex(/\S/u, 'must not be blank'),
    until,
    remindAt: instant
      .optional()
      .describe('When its owner is reminded. Default: a day before the end, or half-way.'),
  })
  .strict()
  .describe('Mutes notifications of new warnings, never the warnings themselves, and never red ones.');

/** Notifications of new warnings of an area are muted. */
export const Silence = z.object({
  id: z.uuid(),
  area: AreaPrefix,
  category: z.string().nullable().describe('Code or group of categories; null: all.'),
  reason: z.string(),
  owner: z.string().describe('Name of the key that asked for it.'),
  from: instant,
  until,
  remindAt: instant,
  reminderDue: z.boolean().describe('It holds, and the time to remind its owner has come.'),
  remindedAt: instant.nullable().describe('When its owner was reminded, in the stream of warnings.'),
  state: z.enum(['holds', 'over', 'ended']).describe('over: by itself. ended: by somebody, before.'),
  ended: z.object({ at: instant, by: z.string() }).nullable(),
});
export type Silence = z.infer<typeof Silence>;
export const Silences = z.object({ items: z.array(Silence).describe('The latest first, at most 200.') });
export type Silences = z.infer<typeof Silences>;
