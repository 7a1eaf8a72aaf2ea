import { z } from 'zod';
import { Colour, WarningScope } from '../warning.js';

/** A place reached a level: a warning exists and waits to be issued. */
export const WarningCandidateV1 = {
  type: 'linli.risk.warning.candidate.v1',
  data: z.object({
    category: z.string(),
    area: z.string(),
    scope: WarningScope,
    colour: Colour,
    score: z.number(),
    placeId: z.uuid(),
    generation: z.int(),
    ruleVersion: z.string(),
  }),
  example: {
    category: 'DSP-04',
    area: '330106003012',
    scope: { grid: '330106003012-05' },
    colour: 'yellow',
    score: 51.7,
    placeId: '5b2c7f6e-7c1e-5d52-9a3d-0d8a0c6f8a11',
    generation: 0,
    ruleVersion: '2026-01',
  },
} as const;
