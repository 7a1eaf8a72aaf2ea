import { z } from 'zod';
import { Colour, Exercise, WarningOutcome } from '../warning.js';

/** It was closed with an outcome. */
export const WarningClosedV1 = {
  type: 'linli.risk.warning.closed.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
    exercise: Exercise,
    outcome: WarningOutcome,
    happenedAt: z.iso
      .datetime({ offset: true })
      .nullable()
      .describe('When it happened (event), or when the action was taken that averted it (averted).'),
  }),
  example: { area: '330106003012', colour: 'orange', exercise: false, outcome: 'resolved', happenedAt: null },
} as const;
