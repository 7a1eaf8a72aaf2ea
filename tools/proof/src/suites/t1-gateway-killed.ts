import { seededRandom } from '@linli/kernel';
import type { Counts } from '../counts.js';
import type { Ground } from '../fleet/ground.js';
import type { RunOptions } from '../suite.js';
import { happened } from '../void.js';
import { inArena } from './arena.js';
import { beside, killByTurns } from './nemesis.js';

export type T1Shape = { readonly wishes: number; readonly kills: number; readonly tenants: number };

/** Two gateways, killed by turns, while clients send again with the same key, up to five times. */
export const gatewayKilled = async (ground: Ground, { seed, shape }: RunOptions<T1Shape>): Promise<Counts> =>
  inArena(
    {
      suite: 'T1',
      seed,
      ground,
      system: { gateways: 2, risks: 1 },
      load: { tenants: shape.tenants, warnings: shape.tenants * 10, clients: 12 },
    },
    async ({ system, load }) => {
      const kills = await beside(
        () => killByTurns(system.gateways, shape.kills, seededRandom(seed), 1000),
        (attackGoesOn) => load.drive(shape.wishes, attackGoesOn),
      );
      happened('kills of a gateway', kills, shape.kills);
      return { kills };
    },
  );
