import { z } from 'zod';
import { Colour, WarningScope } from '../warning.js';

/** A warning was issued: by the system (yellow) or by the duty officer (orange, red). */
export const WarningIssuedV1 = {
  type: 'linli.risk.warning.issued.v1',
  data: z.object({
    category: z.string(),
    area: z.string(),
    scope: WarningScope,
    colour: Colour,
    score: z.number(),
  }),
  example: {
    category: 'DSP-04',
    area: '330106003012',
    scope: { grid: '330106003012-05' },
    colour: 'yellow',
    score: 51.7,
  },
} as const;
