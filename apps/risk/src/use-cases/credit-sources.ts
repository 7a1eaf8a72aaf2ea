import type { Handling } from '@linli/bus';
import type { WarningFact } from '../domain/warning.facts.js';
import type { Warning } from '../domain/warning.js';
import { credits } from '../store/credits.js';

/** Whether a fact says that the signals of a warning were right; null when it says neither. */
const findingOf = (fact: WarningFact): boolean | null => {
  if (fact.type === 'verified' && fact.result !== 'unclear') return fact.result === 'confirmed';
  return fact.type === 'closed' ? fact.outcome !== 'false_alarm' : null;
};

/** The sources that a real warning rested on gain or lose credibility with what was found (domain notes 3.7). */
export const creditSources = async (
  facts: readonly WarningFact[],
  tenant: string,
  warning: Warning,
  { tx, now }: Handling,
): Promise<void> => {
  const finding = facts.map(findingOf).findLast((found) => found !== null) ?? null;
  if (finding !== null && !warning.exercise) await credits.give(tx, tenant, warning, finding, now.getTime());
};
