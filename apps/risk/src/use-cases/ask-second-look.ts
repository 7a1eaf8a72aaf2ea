import type { Handling } from '@linli/bus';
import type { Actor } from '../domain/authority.js';
import { isPicked, type Finding } from '../domain/label-quality.js';
import type { WarningFact } from '../domain/warning.facts.js';
import type { Warning } from '../domain/warning.js';
import { secondLooks } from '../store/second-looks.js';

const findingOf = (fact: WarningFact): Finding[] =>
  fact.type === 'verified' && fact.result !== 'unclear' ? [fact.result] : [];

/** Of the real warnings that are verified, one in ten is verified again by somebody who does not know what was found. */
export const askSecondLook = async (
  facts: readonly WarningFact[],
  tenant: string,
  warning: Warning,
  actor: Actor,
  { tx, now }: Handling,
): Promise<void> => {
  const [first] = facts.flatMap(findingOf);
  if (first === undefined || actor.kind !== 'key' || warning.exercise || !isPicked(warning.id)) return;
  await secondLooks.ask(tx, tenant, warning, { first, firstKey: actor.keyId, at: now.getTime() });
};
