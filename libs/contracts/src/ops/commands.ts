import { z } from 'zod';
import { OpsAction, OpsEffect } from './mended.v1.js';

const reason = z
  .string()
  .trim()
  .min(3)
  .max(500)
  .describe('Why: kept in the audit journal beside who and when.');

/** Body of every action on something that has an id. */
export const OpsOrder = z
  .object({
    reason,
    dryRun: z
      .boolean()
      .optional()
      .describe('Says what would happen, by doing it and taking it back. Changes nothing.'),
  })
  .strict();
export type OpsOrder = z.infer<typeof OpsOrder>;

export const ResumeOrder = OpsOrder.extend({
  position: z
    .int()
    .nonnegative()
    .optional()
    .describe(
      'Offset to go on from. Needed where the log no longer holds what was to be read; absent: look again.',
    ),
});
export type ResumeOrder = z.infer<typeof ResumeOrder>;

const target = z.object({ id: z.uuid(), reason }).strict();

/** What the bus of every service is told to do by an operator; handled in the bus itself, under its fence. */
export const opsCommands = {
  'ops.replay-dead-letter': target,
  'ops.discard-dead-letter': target,
  'ops.release-key': target,
  'ops.discard-first': target,
  /** Goes to the owner by hand: it cannot travel in a partition that is halted. */
  'ops.resume-partition': z
    .object({
      topic: z.string(),
      partition: z.int().nonnegative(),
      position: z.int().nonnegative().nullable(),
      reason,
    })
    .strict(),
} as const;
export type OpsCommandType = keyof typeof opsCommands;

/** What became of one message that was replayed. */
export const ReplayedMessage = z.object({
  id: z.string().describe('Id of the command or fact; of an item of a stream `topic/partition/offset/item`.'),
  type: z.string(),
  status: z.enum(['done', 'refused', 'expired', 'parked', 'handled', 'set-aside', 'discarded']),
  code: z.string().nullable().describe('Code of the refusal.'),
  detail: z.string().nullable(),
});
export type ReplayedMessage = z.infer<typeof ReplayedMessage>;

/** Answer to every action of an operator. */
export const OpsResult = z.object({
  action: OpsAction,
  target: z.string(),
  dryRun: z.boolean(),
  effect: OpsEffect,
  detail: z.string().describe('One sentence for the operator.'),
  messages: z.array(ReplayedMessage).describe('At most 50.'),
  remaining: z.int().describe('Messages that still wait there.'),
});
export type OpsResult = z.infer<typeof OpsResult>;
