import type { Measured } from '../rounds.js';
import { median, spread } from '../statistics.js';
import { figureOf, type Verdict } from './targets.js';

const shown = (value: number): string => {
  if (!Number.isFinite(value)) return '-';
  if (value >= 1000) return Math.round(value).toLocaleString('en-US');
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
};

const namesIn = (row: Measured, of: 'cpuUs' | 'more'): string[] => [
  ...new Set(row.samples.flatMap((sample) => Object.keys(sample[of] ?? {}))),
];

const cpuOf = (row: Measured): string =>
  namesIn(row, 'cpuUs')
    .map((name) => `${name} ${shown(median(row.samples.map(({ cpuUs }) => cpuUs?.[name] ?? Number.NaN)))}`)
    .join(', ');

const moreOf = (row: Measured): string =>
  namesIn(row, 'more')
    .map((name) => `${name} ${shown(figureOf(row, name))}`)
    .join(', ');

const lineOf = (row: Measured): string[] => {
  const values = row.samples.map(({ value }) => value);
  const raw = `${shown(median(values)).padStart(10)} ${row.unit.padEnd(10)}`;
  const apart = `±${shown((spread(values) / 2) * 100)} %`;
  const cpu = cpuOf(row);
  const more = moreOf(row);
  return [
    `${row.id.padEnd(10)}${raw} ${apart.padEnd(9)} ${row.title}`,
    ...(cpu ? [`${' '.repeat(32)}CPU µs each: ${cpu}`] : []),
    ...(more ? [`${' '.repeat(32)}${more}`] : []),
  ];
};

/** The table of the raw figures: medians of the rounds, and half the distance of the extremes. */
export const rowLines = (rows: readonly Measured[]): string[] => rows.flatMap(lineOf);

/** The targets with what was reached. */
export const verdictLines = (verdicts: readonly Verdict[]): string[] =>
  verdicts.map(({ row, by, atLeast, atMost, says, value, met }) => {
    const what = by === undefined ? row : `${row} / ${by}`;
    const figures = `${what.padEnd(20)} ${shown(value).padStart(8)}`;
    if (met === null) return `ratio  ${figures}  ${says}`;
    const target = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
    return `${met ? 'met   ' : 'MISSED'} ${figures}  (${target})  ${says}`;
  });
