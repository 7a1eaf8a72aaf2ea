import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sharedGround, type Ground } from '../fleet/ground.js';
import { zombiesWoken } from './t4-zombies.js';

describe('T4 a zombie', () => {
  let ground: Ground | null;
  beforeAll(async () => {
    ground = await sharedGround();
  });
  afterAll(async () => {
    await ground?.stop();
  });

  it('has no effect when it wakes after others took over, inside and outside of a transaction', async () => {
    if (!ground) return;
    const counts = await zombiesWoken(ground, { seed: 4, shape: { rounds: 1, tenants: 2 } });
    console.log(JSON.stringify(counts));
    expect(counts['pauses']).toBe(3);
    expect(counts['conflicts']).toBeGreaterThan(0);
  });
});
