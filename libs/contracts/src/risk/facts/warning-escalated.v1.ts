import { z } from 'zod';
import { Colour } from '../warning.js';

/** The colour went up. */
export const WarningEscalatedV1 = {
  type: 'linli.risk.warning.escalated.v1',
  data: z.object({
    area: z.string(),
    from: Colour,
    colour: Colour,
    score: z.number(),
    cause: z.enum(['score', 'timeout', 'owner']),
  }),
  example: { area: '330106003012', from: 'yellow', colour: 'orange', score: 68.2, cause: 'score' },
} as const;
