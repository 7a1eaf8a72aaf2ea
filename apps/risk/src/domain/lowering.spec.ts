import { describe, expect, it } from '@jest/globals';
import { DAY } from '@linli/kernel';
import { lowering, sentence } from './lowering.js';
import { alone, assess, type Surroundings } from './score.js';
import type { Signal } from './signal.js';
import { aRule, aSignal, NOON } from './signals.fixture.js';
import { tallyOf } from './tally.js';

const sentences = (signals: readonly Signal[], rule = aRule(), around: Surroundings = alone): string[] => {
  const tally = tallyOf(signals, NOON, rule);
  return lowering(tally, around, assess(tally, around, NOON, rule), rule).map(sentence);
};

describe('what would lower a warning', () => {
  it('names the hour at which decay takes the score below the threshold', () => {
    // D = 4 · 0.48 = 1.92, B = 53.6; 39.95 takes D ≤ 1.2750, that is 7 d · ln(1.92 / 1.2750) = 2.866 d = 68.8 h.
    const four = [1, 2, 3, 4].map((n) => aSignal({ id: `e-${n}` }));
    expect(sentences(four)).toEqual([
      'Without new signals the score falls below 40 by 2026-11-26T09:00+08:00; then the score gives no colour.',
    ]);
  });

  it('names each factor with the score that would be left', () => {
    const signals = [0, 1, 2, 6].map((age) =>
      aSignal({ id: `a-${age}`, party: 'same', occurredAt: NOON - age * DAY }),
    );
    const other = aSignal({ id: 'b', occurredAt: NOON - 5 * DAY });
    const around = { ...alone, groups: { FIR: NOON } };
    expect(sentences([...signals, other], aRule(), around).slice(1)).toEqual([
      'Without repeats of one party the score would be 49.4 (yellow).',
      'Without other groups active in the grid the score would be 51.7 (yellow).',
    ]);
  });

  it('names no factor without which the score would be the same', () => {
    const many = Array.from({ length: 60 }, (_, n) => aSignal({ id: `e-${n}`, vulnerable: true }));
    expect(sentences(many, aRule(), { ...alone, groups: { FIR: NOON } })).toEqual([
      expect.stringMatching(
        /^Without new signals the score falls below 80 by .*; then the score gives orange\.$/u,
      ),
    ]);
  });

  it('names a confirmed floor and every trigger with the day they end', () => {
    const signal = aSignal({ confirmed: true, triggers: ['gas_alarm'], credibility: 0.1 });
    expect(sentences([signal], aRule({ floor: 2 }))).toEqual([
      'The trigger gas_alarm holds red until 2026-12-24.',
      'The floor holds orange until 2026-12-24, when the last such signal leaves the window.',
    ]);
  });

  it('names the credible floor of a floor-red category', () => {
    expect(sentences([aSignal()], aRule({ floor: 3, weight: 1 }))).toEqual([
      'The floor holds orange until 2026-12-24, when the last such signal leaves the window.',
    ]);
  });
});
