import { z } from 'zod';
import { Colour, Exercise, MergeReason } from '../warning.js';

/** It was merged into another warning and ended. */
export const WarningMergedV1 = {
  type: 'linli.risk.warning.merged.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
    exercise: Exercise,
    into: z.uuid().describe('The other warning.'),
    because: MergeReason,
  }),
  example: {
    area: '330106003012',
    colour: 'orange',
    exercise: false,
    into: '6f1b1f3c-20a7-5c0e-8d1e-9c0b8f5a6e93',
    because: 'cause',
  },
} as const;
