import { describe, expect, it } from '@jest/globals';
import { ownGroundForTests } from './own-ground.fixture.js';
import { databaseHurt } from './t9-database.js';
import { told } from './told.js';

describe('T9 a database that dies, is slow, is full, or loses the line', () => {
  const ground = ownGroundForTests();

  it('costs nothing that was committed, sets nothing aside, and is back within 30 s', async () => {
    const own = ground();
    if (!own) return;
    const shape = { restarts: 3, resets: 2, downMs: 3000, slowMs: 4000, fullMs: 4000, tenants: 2 };
    const counts = told('T9', await databaseHurt(own, { seed: 9, shape }));
    expect(counts).toMatchObject({ restarts: 3, resets: 2 });
  }, 600_000);
});
