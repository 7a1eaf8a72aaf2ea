import { z } from 'zod';
import { Colour, Exercise } from '../warning.js';

/** The danger is gone; visits begin. */
export const WarningMonitoringV1 = {
  type: 'linli.risk.warning.monitoring.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
    exercise: Exercise,
  }),
  example: { area: '330106003012', colour: 'orange', exercise: false },
} as const;
