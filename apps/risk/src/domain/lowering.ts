import { dateOfShanghaiDay, DAY, HOUR, shanghaiDayOf, shanghaiTime, startOfShanghaiDay } from '@linli/kernel';
import { levelOfScore, nameOf, type Level } from './colour.js';
import type { Rule } from './parameters.js';
import { assess, scoreOf, type Assessment, type Surroundings } from './score.js';
import type { Tally } from './tally.js';

/** One thing that would lower a warning: what, and the score it leaves. `until`: when it lapses by itself. */
export type Lowering =
  | { readonly by: 'decay'; readonly below: number; readonly to: Level; readonly at: number }
  | { readonly by: FactorName; readonly score: number; readonly to: Level }
  | { readonly by: 'floor'; readonly level: Level; readonly until: number }
  | { readonly by: 'trigger'; readonly name: string; readonly level: Level; readonly until: number };

const factorNames = ['repeat', 'vulnerable', 'sensitivePeriod', 'compound', 'anomaly'] as const;
export type FactorName = (typeof factorNames)[number];

/** The first whole hour at which the score, without new signals, gives a lower colour. */
const decay = (tally: Tally, around: Surroundings, now: Assessment, rule: Rule): Lowering[] => {
  const { thresholds, windowDays } = rule.parameters;
  if (now.byScore === 0) return [];
  for (let t = now.t + HOUR; t <= now.t + (windowDays + 2) * DAY; t += HOUR) {
    const to = levelOfScore(assess(tally, around, t, rule).score, thresholds);
    if (to < now.byScore) return [{ by: 'decay', below: thresholds[now.byScore - 1] ?? 0, to, at: t }];
  }
  return [];
};

const withoutFactor = (now: Assessment, rule: Rule): Lowering[] =>
  factorNames
    .filter((name) => now[name] !== (name === 'anomaly' ? 0 : 1))
    .map((name) => {
      const score = scoreOf({ ...now, [name]: name === 'anomaly' ? 0 : 1 });
      return { by: name, score, to: levelOfScore(score, rule.parameters.thresholds) };
    })
    .filter(({ score }) => score < now.score);

/** A day leaves the window when the day after `windowDays` later begins. */
const leaves = (day: number, rule: Rule): number =>
  startOfShanghaiDay(day + 1) + rule.parameters.windowDays * DAY;

const floor = (tally: Tally, now: Assessment, rule: Rule): Lowering[] => {
  const days = [tally.confirmed, rule.floor === 3 ? tally.credible : null].filter((day) => day !== null);
  return now.byFloor === 0
    ? []
    : [{ by: 'floor', level: now.byFloor, until: leaves(Math.max(...days), rule) }];
};

const triggers = (tally: Tally, now: Assessment, rule: Rule): Lowering[] =>
  now.triggers.map((name) => ({
    by: 'trigger',
    name,
    level: rule.triggers.get(name) ?? 0,
    until: leaves(tally.triggers[name] ?? 0, rule),
  }));

/** What would lower the colour of a place as assessed, computed and not guessed. */
export const lowering = (tally: Tally, around: Surroundings, now: Assessment, rule: Rule): Lowering[] => [
  ...triggers(tally, now, rule),
  ...floor(tally, now, rule),
  ...decay(tally, around, now, rule),
  ...withoutFactor(now, rule),
];

const day = (at: number): string => dateOfShanghaiDay(shanghaiDayOf(at));
const minute = (at: number): string => `${shanghaiTime(at).slice(0, 16)}+08:00`;

const words: Readonly<Record<FactorName, string>> = {
  repeat: 'repeats of one party',
  vulnerable: 'a vulnerable person involved',
  sensitivePeriod: 'the sensitive period',
  compound: 'other groups active in the grid',
  anomaly: 'the anomaly bonus',
};

const colourWord = (level: Level): string => (level === 0 ? 'no colour' : nameOf(level));

/** The same in a sentence. */
export const sentence = (item: Lowering): string => {
  if (item.by === 'decay') {
    return `Without new signals the score falls below ${item.below} by ${minute(item.at)}; then the score gives ${colourWord(item.to)}.`;
  }
  if (item.by === 'floor') {
    return `The floor holds ${nameOf(item.level)} until ${day(item.until)}, when the last such signal leaves the window.`;
  }
  if (item.by === 'trigger') {
    return `The trigger ${item.name} holds ${nameOf(item.level)} until ${day(item.until)}.`;
  }
  return `Without ${words[item.by]} the score would be ${item.score.toFixed(1)} (${colourWord(item.to)}).`;
};
