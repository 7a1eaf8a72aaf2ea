import { describe, expect, it } from '@jest/globals';
import type { ClockCount } from '@linli/deadlines';
import { watchingClocks } from './sla-watch.js';

const bands = { overdue: 0, under10: 0, under25: 0, under50: 0, rest: 0 };
const clock = (unescalated: number): readonly ClockCount[] => [{ clock: 'K_ACK', bands, unescalated }];

describe('watching the clocks of a service', () => {
  it('looks once for all who ask within a while, and says the last seen while it looks again', async () => {
    let [at, looks] = [0, 0];
    let answer = (_seen: readonly ClockCount[]): void => undefined;
    const watch = watchingClocks(
      () => {
        looks += 1;
        return new Promise((resolve) => (answer = resolve));
      },
      () => at,
    );
    const [one, other] = [watch(), watch()];
    answer(clock(1));
    expect([await one, await other, looks]).toEqual([clock(1), clock(1), 1]);
    at = 14_999;
    expect([await watch(), looks]).toEqual([clock(1), 1]);
    at = 15_000;
    expect([await watch(), looks]).toEqual([clock(1), 2]);
    answer(clock(2));
    await new Promise(setImmediate);
    expect([await watch(), looks]).toEqual([clock(2), 2]);
  });

  it('rests the longer the longer a look takes', async () => {
    let [at, looks] = [0, 0];
    const watch = watchingClocks(
      async () => {
        looks += 1;
        at += 2_000;
        return clock(looks);
      },
      () => at,
    );
    await watch();
    at = 101_999;
    expect([await watch(), looks]).toEqual([clock(1), 1]);
    at = 102_000;
    await watch();
    expect(looks).toBe(2);
  });

  it('tries again after a look that failed, and keeps what was seen before', async () => {
    let [at, away] = [0, true];
    const watch = watchingClocks(
      () => (away ? Promise.reject(new Error('away')) : Promise.resolve(clock(1))),
      () => at,
    );
    await expect(watch()).rejects.toThrow('away');
    away = false;
    at = 15_000;
    expect(await watch()).toEqual(clock(1));
    away = true;
    at = 60_000;
    await watch();
    await new Promise(setImmediate);
    expect(await watch()).toEqual(clock(1));
  });
});
