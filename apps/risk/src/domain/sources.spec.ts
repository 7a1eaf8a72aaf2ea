import { describe, expect, it } from '@jest/globals';
import { DAY, HOUR, MINUTE } from '@linli/kernel';
import { learned } from './credibility.js';
import { expectedBy, isNews, silentSince } from './rhythm.js';

describe('the credibility of a source', () => {
  it.each<[string, number, number, number, number]>([
    ['a real-name petition, before anything was found', 0.8, 0, 0, 0.8],
    ['after one false alarm: 8 of 11', 0.8, 0, 1, 8 / 11],
    ['after ten right and none wrong: 18 of 20', 0.8, 10, 0, 0.9],
    ['after nine right and one wrong: 17 of 20', 0.8, 9, 1, 0.85],
    ['a sensor after one false alarm: 10 of 11', 1, 0, 1, 10 / 11],
    ['a chat that was right seven times: 10 of 17', 0.3, 7, 0, 10 / 17],
  ])('%s', (_what, byDefault, right, wrong, mean) => {
    expect(learned(byDefault, { right, wrong }).mean).toBeCloseTo(mean, 12);
  });

  it('has the prior Beta(8, 2) for real-name petitions', () => {
    const { alpha, beta } = learned(0.8, { right: 0, wrong: 0 });
    expect([alpha, beta.toFixed(9)]).toEqual([8, '2.000000000']);
  });
});

describe('the rhythm of a source', () => {
  const lastAt = Date.parse('2026-11-23T12:00:00+08:00');
  const daily = { lastAt, pauses: 20, usualPause: DAY };

  it('makes it silent after twice its usual pause', () => {
    expect(expectedBy(daily)).toBe(lastAt + 2 * DAY);
    expect(silentSince(daily, lastAt + 2 * DAY)).toBeNull();
    expect(silentSince(daily, lastAt + 2 * DAY + 1)).toBe(lastAt);
  });

  it('asks for attention for a week', () => {
    expect([isNews(lastAt, lastAt + 7 * DAY), isNews(lastAt, lastAt + 7 * DAY + 1)]).toEqual([true, false]);
  });

  it('is not believed before ten pauses, and nothing is silent within a quarter of an hour', () => {
    expect(expectedBy({ ...daily, pauses: 9 })).toBeNull();
    expect(silentSince({ ...daily, pauses: 9 }, lastAt + 99 * DAY)).toBeNull();
    const busy = { ...daily, usualPause: 5 * MINUTE };
    expect(expectedBy(busy)).toBe(lastAt + 15 * MINUTE);
    expect(silentSince(busy, lastAt + HOUR)).toBe(lastAt);
  });
});
