import { z } from 'zod';
import { AreaPrefix } from '../principal.js';

const instant = z.iso.datetime({ offset: true });
const source = z.string().min(1).max(64).describe('Who keeps the record: police, 12345, a hospital …');
const reference = z
  .string()
  .min(1)
  .max(128)
  .describe('Its number there; with the source it names one event.');

/** Body of `POST /v1/risk/incidents`. */
export const NewIncident = z
  .object({
    category: z.string().max(64).describe('Code (DSP-04) or slug of a category.'),
    area: AreaPrefix.describe(
      'Division code of the community, 12 digits; 15 or 17 with grid and micro-grid.',
    ),
    happenedAt: instant.describe('When it happened; not in the future.'),
    source,
    reference,
    warning: z
      .uuid()
      .optional()
      .describe('The warning that was about it. Absent: nobody was warned, which recall then says.'),
  })
  .strict()
  .describe('What happened, by the record of somebody else: a risk that became an event, warned of or not.');
export type NewIncident = z.infer<typeof NewIncident>;

/** An event of record: what recall is measured against. */
export const Incident = z.object({
  id: z.uuid(),
  category: z.string().describe('Code of the category.'),
  area: z.string(),
  happenedAt: instant,
  source,
  reference,
  warning: z.uuid().nullable(),
  recordedAt: instant,
  recordedBy: z.string().describe('Name of the key.'),
  withdrawn: z
    .object({ at: instant, by: z.string(), reason: z.string() })
    .nullable()
    .describe('It does not count any more.'),
});
export type Incident = z.infer<typeof Incident>;

export const IncidentPage = z.object({
  items: z.array(Incident).describe('What happened last comes first.'),
  next: z.string().nullable(),
});
export type IncidentPage = z.infer<typeof IncidentPage>;

/** Body of `POST /v1/risk/incidents/{id}/withdraw`. */
export const IncidentWithdrawal = z
  .object({ reason: z.string().max(500).regex(/\S/u, 'must not be blank') })
  .strict();
