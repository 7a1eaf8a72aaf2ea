import { colours, type Warning } from '@linli/contracts';
import type { Sum } from '../demo/reconciliation.js';
import { colourNames, grouped, type Paint } from './palette.js';

const counts = (those: readonly Warning[]): number[] => [
  those.length,
  those.filter(({ issuedAt }) => issuedAt !== null).length,
  those.filter(({ acknowledgedAt }) => acknowledgedAt !== null).length,
];

const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell) => String(cell).padStart(13)).join('');

const exerciseRow = (exercises: readonly Warning[]): string[] =>
  exercises.length === 0 ? [] : [`  exercise 演练${row(counts(exercises)).slice('演练 '.length)}`];

/** The table by colour: raised, issued, acknowledged; exercises apart. */
export const colourTable = (warnings: readonly Warning[], paint: Paint): string[] => [
  paint('bold', `Warnings    ${row(['raised', 'issued', 'acknowledged'])}`),
  ...colours.toReversed().map((colour) => {
    const those = warnings.filter((warning) => warning.colour === colour && !warning.exercise);
    return `${paint(colour, `  ${colour.padEnd(6)} ${colourNames[colour]}`)} ${row(counts(those))}`;
  }),
  ...exerciseRow(warnings.filter(({ exercise }) => exercise)),
];

const sumLine = ({ what, left, parts, right }: Sum, paint: Paint): string => {
  const sum = parts.map(([name, number]) => `${grouped(number)} ${name}`).join(' + ');
  return `  ${grouped(left)} ${what} ${right ? '=' : '≠'} ${sum}   ${right ? paint('green', '✓') : paint('red', '✗')}`;
};

export const reconciliationLines = (sums: readonly Sum[], paint: Paint): string[] => [
  paint('bold', 'Reconciliation: what the sender counted = what the system holds'),
  ...sums.map((sum) => sumLine(sum, paint)),
];
