import type { Outcome, Problem } from '@linli/contracts';
import { refuse, type Refusal, type RefusalKind } from '@linli/kernel';
import { statusOfKind } from '@linli/service';

const kindOf = (kind: string): RefusalKind => (kind in statusOfKind ? (kind as RefusalKind) : 'conflict');

/** Why an outcome is a no; null when it is done, or not decided yet. */
export const outcomeRefusal = ({ status, refusal }: Outcome): Refusal | null => {
  if (status === 'expired') {
    return refuse(
      'COMMAND_EXPIRED',
      'expired',
      'It could not be done in time and will not be done any more.',
    );
  }
  if (status !== 'refused') {
    return null;
  }
  return refusal
    ? refuse(refusal.code, kindOf(refusal.kind), refusal.detail, refusal.flaws)
    : refuse('REFUSED', 'conflict', 'It was refused.');
};

/** A problem document of a service, as the refusal that it was. */
export const refusalOf = ({ status, code, detail, errors }: Problem): Refusal => {
  const [kind] = Object.entries(statusOfKind).find(([, known]) => known === status) ?? ['conflict'];
  return refuse(code, kindOf(kind), detail, errors);
};
