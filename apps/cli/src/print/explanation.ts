import { levelOf, type WarningExplanation } from '@linli/contracts';
import type { z } from 'zod';
import { localMinute } from '../casework/local-time.js';
import type { Whereabouts } from './lines.js';
import { categoryName, colourNames, type Paint } from './palette.js';

export type Explanation = z.infer<typeof WarningExplanation>;
const EVENTS_SHOWN = 5;

const eventLine = (event: Explanation['events'][number]): string =>
  `    ${event.value.toFixed(3)}  ${event.id}, ${localMinute(event.occurredAt)}: credibility ${event.credibility}` +
  ` × severity ${event.severity} × nearness ${event.nearness}, ${event.ageDays.toFixed(1)} days old`;

const sign = (name: string): string => (name === 'base' ? ' ' : name === 'anomaly' ? '+' : '×');

const factorLine = ({ name, value, reason }: Explanation['factors'][number]): string =>
  `    ${sign(name)} ${String(Number(value.toFixed(name === 'base' ? 1 : 3))).padEnd(6)} ${name.replaceAll('_', ' ')}: ${reason}`;

const colourLine = ({ colour, score, warning }: Explanation): string => {
  const reasons = [
    colour.byScore && `the score makes it ${colour.byScore}`,
    colour.byFloor && `the category's floor makes it ${colour.byFloor}`,
    colour.byTrigger && `${colour.triggers.join(', ')} makes it ${colour.byTrigger}`,
  ].filter(Boolean);
  const because = reasons.join('; ') || 'no score, floor or trigger asks for a colour any more';
  const stays = isCarriedByNow(colour, warning)
    ? ''
    : ' still: colours go up at once, and only people lower them';
  return `  Score ${score.toFixed(1)}: ${because}. The warning is ${warning.colour} ${colourNames[warning.colour]}${stays}.`;
};

/** Would the warning get its colour again today? */
export const isCarriedByNow = (
  { byScore, byFloor, byTrigger }: Explanation['colour'],
  warning: Explanation['warning'],
): boolean => [byScore, byFloor, byTrigger].some((colour) => levelOf(colour) >= levelOf(warning.colour));

const proofLine = ({ recomputed, ruleVersion }: Explanation): string =>
  `  Computed again from the stored events: ${recomputed.score.toFixed(1)}, ${recomputed.equal ? 'the same' : 'NOT THE SAME'}. Rules: ${ruleVersion}.`;

/** One warning explained in words, with its numbers. */
export const explanationLines = (explained: Explanation, where: Whereabouts, paint: Paint): string[] => {
  const { warning, events, eventsInWindow, weightedSum, factors, lowering } = explained;
  const hidden = eventsInWindow - Math.min(events.length, EVENTS_SHOWN);
  return [
    paint('bold', `Why ${warning.colour}? ${warning.category} ${categoryName(warning.category)}`),
    `  ${where(warning)}, assessed ${localMinute(explained.assessedAt)}.`,
    `  ${eventsInWindow} events of the last 30 days add up to D = ${weightedSum.toFixed(3)}; the strongest:`,
    ...events.slice(0, EVENTS_SHOWN).map(eventLine),
    ...(hidden > 0 ? [`    …and ${hidden} more`] : []),
    '  From D to the score:',
    ...factors.map(factorLine),
    colourLine(explained),
    proofLine(explained),
    ...(lowering.length > 0 ? ['  What would lower it:', ...lowering.map((advice) => `    ${advice}`)] : []),
  ];
};
