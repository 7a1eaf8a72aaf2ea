import { z } from 'zod';

/** Where a service tells gateways over a WebSocket what became of commands. Internal, as all of `/internal`. */
export const OUTCOME_STREAM = '/internal/outcomes';

/** What a gateway writes there: the commands that it is about to send or has sent. The service writes `Outcome[]`. */
export const OutcomesWanted = z.array(
  z.object({
    commandId: z.uuid(),
    tenant: z.string().describe('Whose command it is: the outcome of another tenant is not told.'),
    waitMs: z.int().min(0).max(30_000).describe('How long it is waited for, in milliseconds.'),
  }),
);
export type OutcomesWanted = z.infer<typeof OutcomesWanted>;
