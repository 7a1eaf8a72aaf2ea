import { z } from 'zod';

/**
 * From a service to itself, when a deadline reached a rung of its ladder: the aggregate decides what follows. Each
 * service gives it a type of its own, `<service>.reach-deadline`.
 */
export const DeadlineReached = z.object({
  deadlineId: z.uuid(),
  clock: z.string().describe("The clock's name in the rules, e.g. `K_HANDLE`."),
  version: z.int().positive().describe('Of the deadline, when it was reached.'),
  round: z
    .int()
    .nonnegative()
    .describe('Rises when a change puts rungs that were reached into the future again.'),
  rung: z.int().nonnegative().describe('Place on the ladder, from 0.'),
  name: z.string().describe('Name of the rung, e.g. `half` or `due`.'),
  level: z.int().nonnegative().describe('To which level it escalates; 0: to none.'),
  at: z.iso.datetime({ offset: true }).describe('When the rung was to be reached.'),
  due: z.iso
    .datetime({ offset: true })
    .nullable()
    .describe('When the deadline is due; null: it stands still.'),
  reachedAt: z.iso
    .datetime({ offset: true })
    .describe("By the database's clock; never before `at`, and the difference is the lateness."),
});
export type DeadlineReached = z.infer<typeof DeadlineReached>;
