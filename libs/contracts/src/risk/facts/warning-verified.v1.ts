import { z } from 'zod';
import { Colour } from '../warning.js';

/** An officer on site said what was found. */
export const WarningVerifiedV1 = {
  type: 'linli.risk.warning.verified.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
    result: z.enum(['confirmed', 'false', 'unclear']),
  }),
  example: { area: '330106003012', colour: 'yellow', result: 'confirmed' },
} as const;
