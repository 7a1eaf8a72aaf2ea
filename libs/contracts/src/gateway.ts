import { z } from 'zod';
import { AreaPrefix, Scope } from './principal.js';

/** Body of `POST /v1/api-keys`. */
export const NewApiKey = z
  .object({
    name: z.string().min(1).max(200),
    scopes: z.array(Scope).min(1),
    areas: z
      .array(AreaPrefix)
      .min(1)
      .optional()
      .describe('Area prefixes; absent = the areas of the key that creates it.'),
    tenant: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/u)
      .optional()
      .describe('Only the bootstrap key may name another tenant.'),
    expiresAt: z.iso.datetime({ offset: true }).optional(),
  })
  .strict();
export type NewApiKey = z.infer<typeof NewApiKey>;

export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  tenant: z.string(),
  scopes: z.array(Scope),
  areas: z.array(AreaPrefix).nullable(),
  createdAt: z.iso.datetime({ offset: true }),
  expiresAt: z.iso.datetime({ offset: true }).nullable(),
  revokedAt: z.iso.datetime({ offset: true }).nullable(),
});
export type ApiKey = z.infer<typeof ApiKey>;

/** Answer of `POST /v1/api-keys`; the key is shown this once. */
export const IssuedApiKey = z.object({ id: z.string(), key: z.string() });

/** What became of one item of `POST /v1/risk-events`. */
export const IntakeItem = z.object({
  index: z.int().nonnegative(),
  id: z.string().nullable().describe('The event’s id, if one could be read.'),
  status: z.enum(['accepted', 'rejected', 'quarantined']),
  code: z.string().optional(),
  detail: z.string().optional(),
  pointer: z.string().optional().describe('JSON Pointer into the item.'),
});
export type IntakeItem = z.infer<typeof IntakeItem>;

export const IntakeReceipt = z.object({
  accepted: z.int(),
  rejected: z.int(),
  quarantined: z.int(),
  items: z.array(IntakeItem),
});
export type IntakeReceipt = z.infer<typeof IntakeReceipt>;

/** RFC 9457 problem details, with a stable `code`. */
export const Problem = z.object({
  type: z.string().describe('URI reference of the error: `/problems/<code>`.'),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  instance: z.string().optional(),
  correlationId: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })).optional(),
});
export type Problem = z.infer<typeof Problem>;

/** `GET /v1/operations/{token}`. */
export const Operation = z.object({
  status: z.enum(['pending', 'done', 'refused', 'parked', 'expired']),
  acceptedAt: z.iso.datetime({ offset: true }),
  completedAt: z.iso.datetime({ offset: true }).nullable(),
  resource: z.unknown().optional(),
  problem: Problem.optional(),
});
export type Operation = z.infer<typeof Operation>;
