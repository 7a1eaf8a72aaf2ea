import { z } from 'zod';
import { Colour, Exercise } from '../warning.js';

/** Nobody verified it and no new signal came: it counts as unverified, not as false. */
export const WarningExpiredV1 = {
  type: 'linli.risk.warning.expired.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
    exercise: Exercise,
  }),
  example: { area: '330106003012', colour: 'orange', exercise: false },
} as const;
