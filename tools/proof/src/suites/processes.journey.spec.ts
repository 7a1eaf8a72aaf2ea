import { describe, expect, it } from '@jest/globals';
import { ownGroundForTests } from './own-ground.fixture.js';
import { gatewayKilled } from './t1-gateway-killed.js';
import { failpointsHit } from './t3-failpoints.js';
import { zombiesWoken } from './t4-zombies.js';
import { told } from './told.js';

const LONGEST_MS = 600_000;

describe('processes that die and freeze, on Kafka and PostgreSQL', () => {
  const ground = ownGroundForTests();

  it(
    'T1: an answered command is executed exactly once, an unanswered one at most once, while gateways are killed',
    async () => {
      const own = ground();
      if (!own) return;
      const shape = { wishes: 3000, kills: 8, tenants: 4 };
      const counts = told('T1', await gatewayKilled(own, { seed: 1, shape }));
      expect(counts['kills']).toBe(8);
    },
    LONGEST_MS,
  );

  it(
    'T3: a death of gateway or service at any of 16 steps loses nothing and does nothing twice',
    async () => {
      const own = ground();
      if (!own) return;
      const shape = { hits: 1, randomKills: 0, tenants: 2 };
      const counts = told('T3', await failpointsHit(own, { seed: 3, shape }));
      expect(counts).toMatchObject({ points: 16, kills: 16 });
    },
    LONGEST_MS,
  );

  it(
    'T4: a zombie, frozen inside or outside of a transaction, has no effect when it wakes after others took over',
    async () => {
      const own = ground();
      if (!own) return;
      const counts = told('T4', await zombiesWoken(own, { seed: 4, shape: { rounds: 1, tenants: 2 } }));
      expect(counts['pauses']).toBe(3);
      expect(counts['conflicts']).toBeGreaterThan(0);
    },
    LONGEST_MS,
  );
});
