import { DAY } from '@linli/kernel';
import type { Level } from './colour.js';
import { parameters202601, type Rule } from './parameters.js';
import type { Signal } from './signal.js';

/** Noon in Shanghai on a Monday. */
export const NOON = Date.parse('2026-11-23T12:00:00+08:00');

/** A real-name signal (credibility 0.8, severity 1) at noon, of nobody in particular. */
export const aSignal = (over: Partial<Signal> = {}): Signal => ({
  source: 'petition',
  id: 'e-1',
  occurredAt: NOON,
  credibility: 0.8,
  severity: 1,
  confirmed: false,
  party: null,
  vulnerable: false,
  triggers: [],
  ...over,
});

export const aRule = (over: Partial<Omit<Rule, 'parameters'>> = {}): Rule => ({
  parameters: parameters202601,
  weight: 3,
  decayDays: 7,
  floor: 0,
  triggers: new Map<string, Level>([
    ['gas_alarm', 3],
    ['gathering_5', 2],
    ['second_repeat', 1],
  ]),
  ...over,
});

/** The formula of domain notes 3.4 over a list, in floating point and from nothing: what the tally must agree with. */
export const naive = (signals: readonly Signal[], t: number, rule: Rule) => {
  const day = (at: number) => Math.floor((at + 8 * 3_600_000) / DAY);
  const inWindow = signals.filter((s) => day(s.occurredAt) >= day(t - 30 * DAY));
  const worth = (s: Signal) =>
    (rule.weight / 5) * s.credibility * s.severity * Math.exp(-(t - s.occurredAt) / (rule.decayDays * DAY));
  let sum = 0;
  let repeats = 0;
  for (const party of new Set(inWindow.map((s) => s.party))) {
    const values = inWindow
      .filter((s) => s.party === party)
      .map(worth)
      .toSorted((a, b) => b - a);
    const counted = party === null ? values : values.slice(0, 3);
    sum += counted.reduce((a, b) => a + b, 0);
    repeats += values.length - counted.length;
  }
  return { sum, repeats: Math.min(repeats, 4), count: inWindow.length };
};
