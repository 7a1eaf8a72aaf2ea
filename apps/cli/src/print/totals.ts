import { colours, type Colour, type Warning } from '@linli/contracts';
import type { Sum } from '../demo/reconciliation.js';
import { colourNames, grouped, type Paint } from './palette.js';

const count = (warnings: readonly Warning[], colour: Colour) => {
  const those = warnings.filter((warning) => warning.colour === colour);
  return {
    raised: those.length,
    issued: those.filter(({ issuedAt }) => issuedAt !== null).length,
    acknowledged: those.filter(({ acknowledgedAt }) => acknowledgedAt !== null).length,
  };
};

const row = (cells: readonly (string | number)[]): string =>
  cells.map((cell) => String(cell).padStart(13)).join('');

/** The table by colour: raised, issued, acknowledged. */
export const colourTable = (warnings: readonly Warning[], paint: Paint): string[] => [
  paint('bold', `Warnings    ${row(['raised', 'issued', 'acknowledged'])}`),
  ...colours.toReversed().map((colour) => {
    const { raised, issued, acknowledged } = count(warnings, colour);
    return `${paint(colour, `  ${colour.padEnd(6)} ${colourNames[colour]}`)} ${row([raised, issued, acknowledged])}`;
  }),
];

const sumLine = ({ what, left, parts, right }: Sum, paint: Paint): string => {
  const sum = parts.map(([name, number]) => `${grouped(number)} ${name}`).join(' + ');
  return `  ${grouped(left)} ${what} ${right ? '=' : '≠'} ${sum}   ${right ? paint('green', '✓') : paint('red', '✗')}`;
};

export const reconciliationLines = (sums: readonly Sum[], paint: Paint): string[] => [
  paint('bold', 'Reconciliation: what the sender counted = what the system holds'),
  ...sums.map((sum) => sumLine(sum, paint)),
];
