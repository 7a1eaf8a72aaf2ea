import { z } from 'zod';
import { Colour, Exercise } from '../warning.js';

/** The team reported how it goes. */
export const WarningUpdatedV1 = {
  type: 'linli.risk.warning.updated.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
    exercise: Exercise,
    reassessed: z.boolean().describe('The colour was looked at again and stands.'),
  }),
  example: { area: '330106003012', colour: 'orange', exercise: false, reassessed: false },
} as const;
