/** 0 none, 1 yellow, 2 orange, 3 red (domain notes 3.1: levels are numbers inside, colours are names of a palette). */
export type Level = 0 | 1 | 2 | 3;

const names = ['none', 'yellow', 'orange', 'red'] as const;
export type LevelName = (typeof names)[number];

export const nameOf = (level: Level): LevelName => names[level];

export const highest = (...levels: readonly Level[]): Level =>
  levels.reduce((most, level) => (level > most ? level : most), 0);

/** Lowest score of yellow, orange and red. */
export type Thresholds = readonly [yellow: number, orange: number, red: number];

/** The colour of a score that is already rounded: what is shown is what decides. */
export const levelOfScore = (score: number, thresholds: Thresholds): Level =>
  thresholds.filter((threshold) => score >= threshold).length as Level;

/** Half up to one decimal. The product is cleaned of binary dust first, so that 39.95 is 40.0 however it came about. */
export const roundHalfUp = (value: number): number => Math.floor(Number((value * 10).toFixed(6)) + 0.5) / 10;
