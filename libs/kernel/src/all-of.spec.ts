import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { allOf } from './all-of.js';

describe('several pieces of work', () => {
  it('come to what each of them came to, in order', async () => {
    expect(await allOf([delay(5, 'late'), Promise.resolve(2)])).toEqual(['late', 2]);
  });

  it('fail as the first of them in order, not in time, and only when all have ended', async () => {
    const order: string[] = [];
    const slow = async (): Promise<never> => {
      await delay(20);
      order.push('slow');
      throw new Error('the cause');
    };
    const quick = Promise.reject(new Error('an effect'));
    await expect(allOf([slow(), quick])).rejects.toThrow('the cause');
    expect(order).toEqual(['slow']);
  });
});
