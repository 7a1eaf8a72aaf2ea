import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findOwnGround, type OwnGround } from '../fleet/ground.js';
import { kafkaAway } from './t11-kafka-away.js';
import { told } from './told.js';

describe('T11 while Kafka is away', () => {
  let ground: OwnGround | null;
  beforeAll(async () => {
    ground = await findOwnGround({ doors: ['GATEWAY'] });
  }, 120_000);
  afterAll(async () => {
    await ground?.stop();
  });

  it('the gateway says so in time, does not grow, and is back at once; without its service it takes commands', async () => {
    if (!ground) return;
    const counts = told(
      'T11',
      await kafkaAway(ground, { seed: 11, shape: { holes: 2, awayMs: 12_000, clients: 120 } }),
    );
    expect(counts).toMatchObject({ holes: 2, servicesAway: 1 });
  }, 600_000);
});
