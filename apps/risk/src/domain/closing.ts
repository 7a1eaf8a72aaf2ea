import type { Flaw } from '@linli/kernel';
import type { Closing } from './warning.commands.js';
import type { Warning } from './warning.js';

const flaw = (pointer: string, detail: string): Flaw => ({ pointer, code: 'WRN_OUTCOME', detail });

const distinct = (texts: readonly string[]): number =>
  new Set(texts.map((text) => text.trim()).filter((text) => text !== '')).size;

const PANEL = 3;
const PIECES = 2;

const datedFlaws = ({ happenedAt }: Closing, now: number): Flaw[] => {
  if (happenedAt === null) return [flaw('/happenedAt', 'is needed: when it happened, or was averted')];
  return happenedAt > now ? [flaw('/happenedAt', 'must not lie in the future')] : [];
};

/** Averted (domain notes 3.9): three persons judge, two independent pieces of evidence of imminence, a dated action. */
const avertedFlaws = (closing: Closing, warning: Pick<Warning, 'raisedAt'>, now: number): Flaw[] => [
  ...(distinct(closing.panel) < PANEL ? [flaw('/panel', 'takes three different persons')] : []),
  ...(distinct(closing.evidence.map(({ source }) => source)) < PIECES ||
  distinct(closing.evidence.map(({ text }) => text)) < PIECES
    ? [flaw('/evidence', 'takes two pieces from different sources')]
    : []),
  ...datedFlaws(closing, now),
  ...(closing.happenedAt !== null && closing.happenedAt < warning.raisedAt
    ? [flaw('/happenedAt', 'the action must come after the warning was raised')]
    : []),
];

/** What an outcome lacks of what it takes. */
export const outcomeFlaws = (
  closing: Closing,
  warning: Pick<Warning, 'raisedAt'>,
  now: number,
): readonly Flaw[] => {
  if (closing.outcome === 'averted') return avertedFlaws(closing, warning, now);
  if (closing.outcome === 'event') return datedFlaws(closing, now);
  return closing.happenedAt === null ? [] : [flaw('/happenedAt', 'goes with event and averted only')];
};
