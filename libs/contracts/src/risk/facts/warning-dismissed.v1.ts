import { z } from 'zod';
import { Colour } from '../warning.js';

/** A candidate was dismissed. */
export const WarningDismissedV1 = {
  type: 'linli.risk.warning.dismissed.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
    reason: z.string(),
  }),
  example: { area: '330106003012', colour: 'yellow', reason: 'duplicate' },
} as const;
