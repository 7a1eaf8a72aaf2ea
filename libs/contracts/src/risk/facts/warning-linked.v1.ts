import { z } from 'zod';
import { Colour, Exercise, LinkKind } from '../warning.js';

/** A mediation or a petition was opened for it. */
export const WarningLinkedV1 = {
  type: 'linli.risk.warning.linked.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
    exercise: Exercise,
    kind: LinkKind,
    target: z.string().describe('Id of the mediation or petition.'),
  }),
  example: {
    area: '330106003012',
    colour: 'orange',
    exercise: false,
    kind: 'mediation',
    target: '0b8f5a6e-93a4-4f0e-9d0a-6f1f6f3f0c11',
  },
} as const;
