import { z } from 'zod';
import { Colour, Exercise } from '../warning.js';

/** The colour went down one step, by a person. */
export const WarningLoweredV1 = {
  type: 'linli.risk.warning.lowered.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
    exercise: Exercise,
    from: Colour,
  }),
  example: { area: '330106003012', colour: 'orange', exercise: false, from: 'red' },
} as const;
