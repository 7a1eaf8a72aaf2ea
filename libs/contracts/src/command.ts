import { z } from 'zod';
import { Principal } from './principal.js';

/** A command on its way to the owner of the aggregate. The one way in which anything changes. */
export const Command = z.object({
  commandId: z.uuid().describe('uuidv5(tenant, route, Idempotency-Key): the same wish has the same id.'),
  type: z.string().describe('`<service>.<verb-noun>`; the pattern its handler declares.'),
  version: z.int().positive().describe('Version of the shape of `data`.'),
  tenant: z.string(),
  aggregateId: z.uuid().describe('What it is about; commands of one aggregate keep their order.'),
  principal: Principal,
  expectedVersion: z.int().nonnegative().nullable().describe('From If-Match; null = any.'),
  requestHash: z.string().describe('SHA-256 (hex) of route and body: same key, other body is refused.'),
  notAfter: z.iso
    .datetime({ offset: true })
    .describe('Not executed later than this; the outcome is then `expired`.'),
  acceptedAt: z.iso.datetime({ offset: true }).describe('When the gateway accepted it.'),
  correlationId: z.string(),
  causationId: z.string().nullable(),
  hops: z.int().min(0).max(16).describe('How many messages led here; a loop ends at 16.'),
  traceparent: z.string().max(64).optional().describe('The trace in which it was sent (W3C trace context).'),
  data: z.unknown(),
});
export type Command = z.infer<typeof Command>;

/** Shape of `refusal` as kept in an outcome; the type is `Refusal` of the kernel. */
export const RefusalBody = z.object({
  code: z.string(),
  kind: z.string(),
  detail: z.string(),
  flaws: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })).optional(),
});

/** What became of a command: idempotency record, operation and reply in one. Kept 35 days. */
export const Outcome = z.object({
  commandId: z.uuid(),
  tenant: z.string(),
  requestHash: z.string(),
  aggregateId: z.uuid(),
  status: z.enum(['done', 'refused', 'parked', 'expired']),
  resource: z.unknown().describe('The changed resource, when done.'),
  aggregateVersion: z.int().nullable(),
  refusal: RefusalBody.nullable(),
  completedAt: z.iso.datetime({ offset: true }),
});
export type Outcome = z.infer<typeof Outcome>;
