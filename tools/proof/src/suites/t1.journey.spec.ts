import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sharedGround, type Ground } from '../fleet/ground.js';
import { gatewayKilled } from './t1-gateway-killed.js';

describe('T1 a command that was answered', () => {
  let ground: Ground | null;
  beforeAll(async () => {
    ground = await sharedGround();
  });
  afterAll(async () => {
    await ground?.stop();
  });

  it('is executed exactly once, and one that was not answered at most once, while gateways are killed', async () => {
    if (!ground) return;
    const counts = await gatewayKilled(ground, { seed: 1, shape: { wishes: 3000, kills: 8, tenants: 4 } });
    console.log(JSON.stringify(counts));
    expect(counts['kills']).toBe(8);
  });
});
