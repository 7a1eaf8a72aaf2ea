import { describe, expect, it } from '@jest/globals';
import { shownBy } from '@linli/kernel';
import { replayClock } from './replay-clock.js';

const at = (text: string): Date => new Date(text);

describe('the replay clock', () => {
  const base = { time: at('2026-11-23T09:00:00Z').getTime(), now: () => new Date(base.time) };

  it('runs as fast as its base, moves forward when told, and never goes back', () => {
    const clock = replayClock(at('2023-04-01T00:00:00Z'), base);
    base.time += 1500;
    expect(clock.now()).toEqual(at('2023-04-01T00:00:01.500Z'));
    clock.advanceTo(at('2023-04-02T10:00:00Z'));
    expect(clock.now()).toEqual(at('2023-04-02T10:00:00Z'));
    clock.advanceTo(at('2023-04-01T10:00:00Z'));
    base.time += 250;
    expect(clock.now()).toEqual(at('2023-04-02T10:00:00.250Z'));
    base.time -= 60_000;
    expect(clock.now()).toEqual(at('2023-04-02T10:00:00Z'));
  });

  it('says since when it goes on from where, so that databases and brokers can be asked by it', () => {
    base.time = at('2026-11-23T09:00:00Z').getTime();
    const clock = replayClock(at('2023-04-01T00:00:00Z'), base);
    base.time += 1500;
    clock.advanceTo(at('2023-04-02T10:00:00Z'));
    base.time += 250;
    expect(clock.pace).toEqual({
      ...{ start: at('2023-04-02T10:00:00Z'), origin: at('2026-11-23T09:00:01.500Z') },
      factor: 1,
    });
    expect(shownBy(clock, new Date(base.time))).toEqual(at('2023-04-02T10:00:00.250Z'));
  });
});
