import { z } from 'zod';
import { OpsResult } from './commands.js';

const instant = z.iso.datetime({ offset: true });

/** Which dead letters a bulk replay takes: the open ones that fit all that is said. */
export const BulkReplay = z
  .object({
    service: z.string().max(64),
    topic: z.string().max(200).optional(),
    errorContains: z.string().min(1).max(200).optional(),
    since: instant.optional().describe('Set aside at or after.'),
    until: instant.optional().describe('Set aside before.'),
    limit: z.int().min(1).max(10_000).optional().describe('At most so many. Default 1000.'),
    reason: z.string().trim().min(3).max(500),
    dryRun: z.boolean().optional(),
  })
  .strict();
export type BulkReplay = z.infer<typeof BulkReplay>;

/** Line of the answer of a bulk replay: one for each letter, oldest first; `done` is the last one. */
export const BulkLine = z.union([
  z.object({ id: z.string(), result: OpsResult }),
  z.object({ id: z.string(), problem: z.object({ code: z.string(), detail: z.string() }) }),
  z.object({
    done: z.literal(true),
    applied: z.int(),
    failed: z.int(),
    nothing: z.int(),
    unknown: z.int().describe('On their way: send the same request again with the same Idempotency-Key.'),
  }),
]);
export type BulkLine = z.infer<typeof BulkLine>;
