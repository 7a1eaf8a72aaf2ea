import type { Warning } from '@linli/contracts';
import { localDay } from '../casework/local-time.js';
import { categoryName, colourNames, grouped, type Paint } from './palette.js';

/** Where a warning is, in words: `Brooklyn 18, grid 330106003018-03`. */
export type Whereabouts = (warning: Warning) => string;

export const whereabouts = (cells: readonly { area: string; community: string }[]): Whereabouts => {
  const names = new Map(cells.map(({ area, community }) => [area, community]));
  return ({ area, scope }) => {
    const [kind, name] = Object.entries(scope)[0] ?? ['area', area];
    const community = names.get(area) ?? area;
    return kind === 'area' ? community : `${community}, ${kind} ${name}`;
  };
};

/** `2023-05-02 · 612 events · 180 a second` */
export const progressLine = (day: string, events: number, perSecond: number, paint: Paint): string =>
  paint(
    'dim',
    `${day}   ${grouped(events).padStart(5)} events sent   ${grouped(Math.round(perSecond))} a second`,
  );

const what = (warning: Warning): string => {
  const steps = [
    warning.issuedAt && 'issued',
    warning.acknowledgedBy
      ? `acknowledged by ${warning.acknowledgedBy}`
      : warning.acknowledgedAt && 'acknowledged',
  ];
  return steps.filter(Boolean).join(', ') || warning.status;
};

/** Where the scores of the default rules begin; below, a floor or a trigger set the colour. */
const BEGINS = { yellow: 40, orange: 60, red: 80 } as const;

const whyDespiteScore = ({ colour, score }: Warning): string =>
  score < BEGINS[colour] ? ' (by a floor or trigger, not by the score)' : '';

/** Above yellow without a score that says so: the clock raised it. */
const whyUp = (warning: Warning): string =>
  warning.supervision > 0
    ? `nobody answered in time: colour went up, supervision ${warning.supervision}`
    : `colour went up${whyDespiteScore(warning)}`;

/** Two lines about a warning that was raised, or whose colour went up. */
export const warningLines = (
  { warning, kind }: { warning: Warning; kind: 'raised' | 'colour up' },
  where: Whereabouts,
  paint: Paint,
): string[] => {
  const { colour, score, category, exercise } = warning;
  const mark = kind === 'raised' ? '●' : '▲';
  const label = `${mark} ${colour.padEnd(6)} ${colourNames[colour]}`;
  const day = localDay(kind === 'raised' ? warning.raisedAt : warning.updatedAt);
  return [
    `${day}   ${paint(colour, label)} ${score.toFixed(1).padStart(5)}  ${category} ${categoryName(category)}${exercise ? ' (exercise 演练)' : ''}`,
    paint(
      'dim',
      `${' '.repeat(24)} ${where(warning)}: ${kind === 'raised' ? `${what(warning)}${whyDespiteScore(warning)}` : whyUp(warning)}`,
    ),
  ];
};
