import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sharedGround, type Ground } from '../fleet/ground.js';
import { failpointsHit } from './t3-failpoints.js';

describe('T3 a death at any step', () => {
  let ground: Ground | null;
  beforeAll(async () => {
    ground = await sharedGround();
  });
  afterAll(async () => {
    await ground?.stop();
  });

  it('loses nothing and does nothing twice: gateway and service killed once at each of 16 failpoints', async () => {
    if (!ground) return;
    const counts = await failpointsHit(ground, { seed: 3, shape: { hits: 1, randomKills: 0, tenants: 2 } });
    console.log(JSON.stringify(counts));
    expect(counts).toMatchObject({ points: 16, kills: 16 });
  });
});
