import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { unlessUnavailable } from '@linli/testing';
import type { Counts } from '../counts.js';
import { told } from '../suites/told.js';
import { embeddedGround, productionGround, type Ground } from './ground.js';
import { deadlinesHurt, embeddedDeadlinesHurt } from './t6.js';

const SEED = 6;

describe('T6 deadlines under fire', () => {
  let production: Ground | null;
  let embedded: Ground;
  /** Mostly waits for what falls due: it does so beside the other. */
  let killed: Promise<Counts | Error>;

  beforeAll(async () => {
    [production, embedded] = await Promise.all([unlessUnavailable(productionGround), embeddedGround()]);
    const shape = { deadlines: 120, kills: 2, phaseMs: 2_500 };
    killed = embeddedDeadlinesHurt(embedded, { seed: SEED, shape }).catch((error: Error) => error);
  }, 120_000);
  afterAll(async () => {
    await Promise.all([production?.stop(), embedded.stop()]);
  });

  it('each fire once, never early and within five seconds, or are cancelled, whatever happens to Redis and clocks', async () => {
    if (!production) return;
    const shape = { deadlines: 500, crowd: 600, flushes: 10, rounds: 1, phaseMs: 3_000 };
    const counts = told('T6', await deadlinesHurt(production, { seed: SEED, shape }));
    expect(counts).toMatchObject({ deadlines: 1_100, flushes: 10, redisKilled: 2, frozen: 2, killed: 2 });
  }, 300_000);

  it('do so embedded, without Redis, however often the process is killed', async () => {
    const counts = await killed;
    if (counts instanceof Error) throw counts;
    expect(told('T6 embedded', counts)).toMatchObject({ deadlines: 120, killed: 2, killedInSweep: 1 });
  }, 300_000);
});
