import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Gateway } from './gateway.js';
import { idempotencyOf } from './idempotency.suite.js';
import { orderOf } from './order.suite.js';

const SEED = 20_261_123;

describe('one wish and one order, over the real gateway', () => {
  let gateway: Gateway;
  beforeAll(async () => {
    gateway = await Gateway.open();
  }, 120_000);
  afterAll(() => gateway.close());

  it('T14: changes of one warning have one order, which keeps real time', async () => {
    const counts = await orderOf(gateway, SEED);
    expect(counts).toMatchObject({ histories: 24, calls: 24 * 54 });
  });

  it('T13: the same key has one effect and one answer, also after a restart', async () => {
    const counts = await idempotencyOf(gateway, SEED);
    expect(counts['cases']).toBe(300);
  });
});
