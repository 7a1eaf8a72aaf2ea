import { describe, expect, it } from '@jest/globals';
import { acceleratedClock, refuse, shownBy, Refused, systemClock, systemIds, systemRandom } from './index.js';

describe('an accelerated clock', () => {
  it('starts where it is told and runs as many times as fast as its base', () => {
    let base = 1000;
    const clock = acceleratedClock(new Date('2023-01-01T00:00:00Z'), 60, { now: () => new Date(base) });
    expect(clock.now().toISOString()).toBe('2023-01-01T00:00:00.000Z');
    base += 1000;
    expect(clock.now().toISOString()).toBe('2023-01-01T00:01:00.000Z');
  });

  it('says what it showed when another clock stamped something; the system’s own says the same', () => {
    const clock = acceleratedClock(new Date('2023-01-01T00:00:00Z'), 60, { now: () => new Date(5000) });
    expect(shownBy(clock, new Date(6000)).toISOString()).toBe('2023-01-01T00:01:00.000Z');
    expect(shownBy(clock, new Date(4000)).toISOString()).toBe('2022-12-31T23:59:00.000Z');
    expect(shownBy(systemClock, new Date(6000))).toEqual(new Date(6000));
  });
});

describe('a refusal', () => {
  it('is a value, with flaws only where there are some', () => {
    expect(refuse('X', 'conflict', 'no')).toEqual({ code: 'X', kind: 'conflict', detail: 'no' });
    const flaws = [{ pointer: '/a', code: 'B', detail: 'c' }];
    expect(refuse('X', 'invalid', 'no', flaws)).toEqual({ code: 'X', kind: 'invalid', detail: 'no', flaws });
  });

  it('can be thrown at a door', () => {
    const refused = new Refused(refuse('X', 'conflict', 'no'));
    expect(refused.message).toBe('X: no');
    expect(refused.refusal.code).toBe('X');
  });
});

describe('the system', () => {
  it('gives ids that differ and chances below one', () => {
    expect(new Set(Array.from({ length: 100 }, () => systemIds.next())).size).toBe(100);
    const chance = systemRandom.next();
    expect(chance >= 0 && chance < 1).toBe(true);
  });
});
