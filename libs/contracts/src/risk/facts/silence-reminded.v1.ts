import { z } from 'zod';
import { AreaPrefix } from '../../principal.js';

/** A silence holds, and the time to remind its owner has come: is it still wanted? It ends by itself. */
export const SilenceRemindedV1 = {
  type: 'linli.risk.silence.reminded.v1',
  data: z.object({
    area: AreaPrefix,
    category: z.string().nullable().describe('Code or group of categories; null: all.'),
    owner: z.string().describe('Id of the key that asked for it.'),
    until: z.iso.datetime({ offset: true }).describe('When it ends by itself.'),
  }),
  example: {
    ...{ area: '330106003', category: null, owner: 'k-5b2c7f6e' },
    until: '2026-11-24T12:00:00.000Z',
  },
} as const;
