import { describe, expect, it } from '@jest/globals';
import { Breaker } from './breaker.js';

const opened = () => {
  const clock = { now: 0 };
  const breaker = new Breaker(() => clock.now);
  for (let n = 0; n < 5; n += 1) breaker.failed();
  return { breaker, clock };
};

describe('a breaker', () => {
  it('opens at the fifth failure in a row, not before', () => {
    const breaker = new Breaker();
    for (let n = 0; n < 4; n += 1) breaker.failed();
    expect(breaker.admits()).toBe(true);
    breaker.succeeded();
    for (let n = 0; n < 4; n += 1) breaker.failed();
    expect(breaker.admits()).toBe(true);
    breaker.failed();
    expect([breaker.open, breaker.admits()]).toEqual([true, false]);
  });

  it('lets one request a second through while it is open', () => {
    const { breaker, clock } = opened();
    clock.now = 999;
    expect(breaker.admits()).toBe(false);
    clock.now = 1000;
    expect([breaker.admits(), breaker.admits()]).toEqual([true, false]);
    clock.now = 2000;
    expect(breaker.admits()).toBe(true);
    expect(breaker.openMs).toBe(2000);
  });

  it('closes at the first success', () => {
    const { breaker } = opened();
    breaker.succeeded();
    expect([breaker.open, breaker.admits(), breaker.openMs]).toEqual([false, true, 0]);
  });
});
