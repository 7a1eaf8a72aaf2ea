import { z } from 'zod';
import { Colour } from '../warning.js';

/** Nobody verified it and no new signal came: it counts as unverified, not as false. */
export const WarningExpiredV1 = {
  type: 'linli.risk.warning.expired.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
  }),
  example: { area: '330106003012', colour: 'orange' },
} as const;
