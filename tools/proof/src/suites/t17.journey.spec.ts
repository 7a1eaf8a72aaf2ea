import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { embeddedGround } from '../fleet/ground.js';
import { embeddedHurt } from './t17-embedded.js';
import { told } from './told.js';

describe('T17 the embedded mode', () => {
  let ground: ReturnType<typeof embeddedGround>;
  beforeAll(() => {
    ground = embeddedGround();
  });
  afterAll(async () => {
    await ground.stop();
  });

  it('keeps the same promises: the process killed anywhere and at 7 failpoints, its database killed under it', async () => {
    const shape = { kills: 1, hits: 1, everyPoint: 0, postmasters: 2, tenants: 2 };
    const counts = told('T17', await embeddedHurt(ground, { seed: 17, shape }));
    expect(counts).toMatchObject({ points: 7, kills: 8, postmasters: 2 });
  }, 600_000);
});
