import { z } from 'zod';
import { Colour } from '../warning.js';

/** The colour went down one step, by a person. */
export const WarningLoweredV1 = {
  type: 'linli.risk.warning.lowered.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
    from: Colour,
  }),
  example: { area: '330106003012', colour: 'orange', from: 'red' },
} as const;
