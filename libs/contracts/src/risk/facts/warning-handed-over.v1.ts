import { z } from 'zod';
import { Colour, Exercise, ExternalBody } from '../warning.js';

/** Another body took it over and gave its reference. */
export const WarningHandedOverV1 = {
  type: 'linli.risk.warning.handed_over.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
    exercise: Exercise,
    body: ExternalBody,
    reference: z.string().describe('Number under which the other body accepted it.'),
  }),
  example: {
    area: '330106003012',
    colour: 'orange',
    exercise: false,
    body: 'police',
    reference: '110-20261124-0815',
  },
} as const;
