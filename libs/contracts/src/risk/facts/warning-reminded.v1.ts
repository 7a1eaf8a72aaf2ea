import { z } from 'zod';
import { Colour, Exercise } from '../warning.js';
import { WarningClock } from '../warning-clocks.js';

/** A clock nears its end, or a visit is due. The warning itself does not change: its version stays. */
export const WarningRemindedV1 = {
  type: 'linli.risk.warning.reminded.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
    exercise: Exercise,
    clock: WarningClock,
    rung: z.string().describe('What was reached: `half` or `most` (80 %) of the time, or `due`.'),
    due: z.iso.datetime({ offset: true }),
  }),
  example: {
    ...{ area: '330106003012', colour: 'red', clock: 'ack', rung: 'half', exercise: false },
    due: '2026-11-23T12:10:00.000Z',
  },
} as const;
