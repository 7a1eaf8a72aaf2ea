import { z } from 'zod';
import { Colour, Exercise } from '../warning.js';

/** The owner made a plan; what it says was written by people and stays with the risk service. */
export const WarningPlanSetV1 = {
  type: 'linli.risk.warning.plan_set.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
    exercise: Exercise,
    due: z.iso.datetime({ offset: true }),
    measures: z.int().positive().describe('How many measures.'),
    people: z.int().positive().describe('How many people carry them out.'),
  }),
  example: {
    area: '330106003012',
    colour: 'orange',
    exercise: false,
    due: '2026-11-24T18:00:00+08:00',
    measures: 2,
    people: 3,
  },
} as const;
