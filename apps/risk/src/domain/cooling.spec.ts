import { describe, expect, it } from '@jest/globals';
import { DAY, HOUR } from '@linli/kernel';
import { coolSince } from './cooling.js';
import { alone } from './score.js';
import { aRule, aSignal, NOON } from './signals.fixture.js';

const rule = aRule();
const ten = Array.from({ length: 10 }, (_, n) => aSignal({ id: `e-${n}` }));
/** B < 70 as soon as D < 2.5 · ln(1 / 0.3): so long after ten signals of weight 3 (D = 4.8, τ = 7 days). */
const CROSSING = NOON + 7 * DAY * Math.log(4.8 / (2.5 * Math.log(1 / 0.3)));
const bound = { below: 70, span: 24 * HOUR };
const since = (now: number, signals = ten) => coolSince(signals, alone, now, bound, rule);

describe('the time since a score is low', () => {
  it('is not, while it is high', () => {
    expect(since(CROSSING - HOUR)).toBeNull();
  });

  it('begins when it fell below, to the hour', () => {
    const now = CROSSING + 10.5 * HOUR;
    const found = since(now) ?? 0;
    expect(found).toBeGreaterThanOrEqual(CROSSING);
    expect(found - CROSSING).toBeLessThan(HOUR);
  });

  it('goes no further back than asked', () => {
    const now = CROSSING + 3 * DAY;
    expect(since(now)).toBe(now - 24 * HOUR);
  });

  it('begins anew after a signal that raised it, at the signal’s own time', () => {
    const now = CROSSING + 20 * HOUR;
    const at = now - 5.5 * HOUR;
    const withOne = (credibility: number, severity = 1) =>
      since(now, [...ten, aSignal({ id: 'one', occurredAt: at, credibility, severity })]);
    // D is 2.76 by then; 0.45 · 0.6 lifts it over 3.01 for a little more than an hour.
    const found = withOne(0.45) ?? 0;
    expect(found).toBeGreaterThan(at + HOUR);
    expect(found).toBeLessThan(at + 2.5 * HOUR);
    expect(withOne(1, 1.5)).toBeNull();
    expect(withOne(0.1, 0.5)).toBeLessThan(at);
  });

  it('is as long as asked where there never was a signal', () => {
    expect(since(NOON, [])).toBe(NOON - 24 * HOUR);
  });
});
