import { z } from 'zod';
import { Colour } from '../warning.js';

/** The owner acknowledged. */
export const WarningAckedV1 = {
  type: 'linli.risk.warning.acked.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
  }),
  example: { area: '330106003012', colour: 'yellow' },
} as const;
