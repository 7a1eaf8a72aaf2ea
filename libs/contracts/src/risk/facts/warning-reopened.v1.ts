import { z } from 'zod';
import { Colour, Exercise } from '../warning.js';

/** It was reopened at the colour that it had. */
export const WarningReopenedV1 = {
  type: 'linli.risk.warning.reopened.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
    exercise: Exercise,
    cause: z.enum(['signal', 'owner']).describe('A new signal, or the owner.'),
  }),
  example: { area: '330106003012', colour: 'orange', exercise: false, cause: 'signal' },
} as const;
