import { z } from 'zod';
import { Colour } from '../warning.js';

/** The danger is gone; visits begin. */
export const WarningMonitoringV1 = {
  type: 'linli.risk.warning.monitoring.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
  }),
  example: { area: '330106003012', colour: 'orange' },
} as const;
