import { describe, expect, it } from '@jest/globals';
import { ownGroundForTests } from './own-ground.fixture.js';
import { kafkaAway } from './t11-kafka-away.js';
import { told } from './told.js';

describe('T11 while Kafka is away', () => {
  const ground = ownGroundForTests({ doors: ['GATEWAY'] });

  it('the gateway says so in time, does not grow, and is back at once; without its service it takes commands', async () => {
    const own = ground();
    if (!own) return;
    const counts = told(
      'T11',
      await kafkaAway(own, { seed: 11, shape: { holes: 2, awayMs: 9_000, clients: 120 } }),
    );
    expect(counts).toMatchObject({ holes: 2, servicesAway: 1 });
  }, 600_000);
});
