import { z } from 'zod';

/** A fact as it travels: CloudEvents 1.0 attributes plus extensions partitioning, sequence, correlation. */
export const FactEnvelope = z.object({
  id: z.uuid(),
  source: z.string().describe('`/linli/<service>`'),
  type: z.string().describe('`linli.<service>.<fact>.v<N>`'),
  subject: z.string().describe('Aggregate id.'),
  time: z.iso.datetime({ offset: true }),
  tenant: z.string(),
  aggregateVersion: z.int().positive(),
  correlationId: z.string(),
  causationId: z.string().nullable(),
  actor: z.string().describe('Key id of who caused it; `system` for the system itself.'),
  data: z.unknown(),
});
export type FactEnvelope = z.infer<typeof FactEnvelope>;
