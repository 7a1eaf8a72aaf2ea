import { z } from 'zod';
import { Colour, Exercise } from '../warning.js';

/** A visit was made after the danger was gone. */
export const WarningVisitedV1 = {
  type: 'linli.risk.warning.visited.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
    exercise: Exercise,
    visit: z.int().positive().describe('Number of the visit, from 1.'),
  }),
  example: { area: '330106003012', colour: 'orange', exercise: false, visit: 1 },
} as const;
