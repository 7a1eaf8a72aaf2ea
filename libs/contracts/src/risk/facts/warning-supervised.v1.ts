import { z } from 'zod';
import { Colour, Exercise } from '../warning.js';
import { WarningClock } from '../warning-clocks.js';

/** A clock was missed: the warning stands under supervision (督办). Below red its colour rises too, as a fact of its own. */
export const WarningSupervisedV1 = {
  type: 'linli.risk.warning.supervised.v1',
  data: z.object({
    area: z.string(),
    colour: Colour,
    exercise: Exercise,
    clock: WarningClock,
    due: z.iso.datetime({ offset: true }).describe('When it was due.'),
    supervision: z.int().min(1).max(3).describe('Level, 3 the highest.'),
    notice: z
      .int()
      .positive()
      .describe('1: the due time passed. 2, 3: the same time passed again, and nothing was done.'),
  }),
  example: {
    ...{ area: '330106003012', colour: 'red', clock: 'ack', supervision: 3, notice: 1, exercise: false },
    due: '2026-11-23T12:10:00.000Z',
  },
} as const;
