import { z } from 'zod';

/** Deadlines of a warning (domain notes 3.6; `visits` and `expiry`: 3.7). */
export const WarningClock = z
  .enum(['ack', 'verify', 'plan', 'update', 'reassess', 'visits', 'expiry'])
  .describe(
    'ack: acknowledge. verify: on-site verification. plan: plan with owner. update: rhythm of reports. reassess: look ' +
      'at the colour again. visits: next visit after the danger is gone. expiry: no new signal for long.',
  );
export type WarningClock = z.infer<typeof WarningClock>;

export const Supervision = z
  .int()
  .min(0)
  .max(3)
  .describe('Supervision level (督办), 3 the highest; 0: no clock was missed.');
