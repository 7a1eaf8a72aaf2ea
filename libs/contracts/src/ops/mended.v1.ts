import { z } from 'zod';

/** What an operator can do about what is stuck. */
export const opsActions = [
  'replay-dead-letter',
  'discard-dead-letter',
  'release-key',
  'discard-first',
  'resume-partition',
] as const;
export const OpsAction = z.enum(opsActions);
export type OpsAction = z.infer<typeof OpsAction>;

/**
 * `applied`: it was done. `partly`: a part of it was done, nothing is lost; where more waits, ask again. `failed`: it
 * was tried and a message failed again: that one is where it was. `nothing`: there was nothing to do (any more).
 */
export const OpsEffect = z.enum(['applied', 'partly', 'failed', 'nothing']);
export type OpsEffect = z.infer<typeof OpsEffect>;

/** An operator mended something: the audit entry, in the journal with the hash chain of all facts. */
export const MendedV1 = {
  typeOf: (service: string): string => `linli.${service}.mended.v1`,
  data: z.object({
    action: OpsAction,
    target: z.string().describe('Id of the dead letter or of the parked key; `topic/partition` otherwise.'),
    operator: z.string().describe('Name of the key that was used; its id is the actor of the fact.'),
    reason: z.string(),
    effect: OpsEffect,
    detail: z.string(),
  }),
  example: {
    action: 'replay-dead-letter',
    target: '0198f3a0-0000-7000-8000-000000000001',
    operator: 'night shift',
    reason: 'the category is known since 02:10',
    effect: 'applied',
    detail: '1 item handled',
  },
} as const;
export type Mended = z.infer<typeof MendedV1.data>;
