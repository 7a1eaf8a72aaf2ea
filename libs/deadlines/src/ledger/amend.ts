import { refuse, type Refusal } from '@linli/kernel';
import { reckon } from '../reckoning/reckon.js';
import { amendTerms } from './amend-terms.js';
import type { AmendContext, Amendment } from './amendment.js';
import { reckonLedger, withinCalendar } from './arm.js';
import { termsOf, type Deadline, type LedgerEntry, type LedgerTerms } from './deadline.js';
import { weigh } from './weigh.js';

export interface Amended {
  readonly deadline: Deadline;
  readonly entry: LedgerEntry;
}

const namesOf = ({ rungs }: Pick<Deadline, 'rungs'>): string => rungs.map(({ name }) => name).join('\n');

/** Where a deadline stands on a ladder that is another than the one it was laid on: behind the last rung it reached. */
const carriedOver = (before: Deadline, after: Deadline): Deadline => {
  if (namesOf(before) === namesOf(after)) return after;
  const reached = new Set(before.rungs.slice(0, before.next).map(({ name }) => name));
  const next = after.rungs.findLastIndex(({ name }) => reached.has(name)) + 1;
  return { ...after, next, round: before.round + 1 };
};

/** Rungs that were reached and lie in the future now are reached again, in a new round. */
const rewound = (deadline: Deadline, now: number): Deadline => {
  const ahead = deadline.rungs.findIndex(({ at }) => at === null || at > now);
  if (ahead < 0 || ahead >= deadline.next) return deadline;
  const dueAgain = deadline.state === 'due' && deadline.rungs.slice(ahead).some(({ due }) => due);
  return {
    ...deadline,
    ...{ next: ahead, round: deadline.round + 1, state: dueAgain ? 'armed' : deadline.state },
  };
};

const entryOf = (
  deadline: Deadline,
  amendment: Amendment,
  { at, note }: AmendContext,
  adopted: boolean,
): LedgerEntry => {
  const { kind, ...body } = amendment;
  return {
    ...{ deadlineId: deadline.id, version: deadline.version, kind, at, body, due: deadline.due, adopted },
    ...{ by: note.by, reason: note.reason },
  };
};

const ended = (
  deadline: Deadline,
  amendment: Amendment & { kind: 'end' },
  context: AmendContext,
): Amended => {
  const after: Deadline = {
    ...deadline,
    state: deadline.state === 'fired' ? 'fired' : 'cancelled',
    endedAt: amendment.at ?? context.at,
    version: deadline.version + 1,
  };
  return { deadline: after, entry: entryOf(after, amendment, context, true) };
};

const replanned = (
  deadline: Deadline,
  wanted: LedgerTerms & Pick<Deadline, 'unit'>,
  amendment: Amendment,
  context: AmendContext,
): Amended => {
  const { pinned, current, rules, now } = context;
  // A pause or an extension was granted: it holds under either version. Anything else is weighed against what was told.
  const granted = ['pause', 'resume', 'extend'].includes(amendment.kind);
  const kept = { ledger: granted ? wanted : deadline, calendar: pinned };
  const asked = { ledger: wanted, calendar: current };
  const chosen = weigh(kept, asked, rules.favour, now);
  const { budget, from, roll, calendar, suspensions, extensions } = chosen.ledger;
  const after: Deadline = {
    ...deadline,
    ...{ budget, from, roll, calendar, suspensions, extensions, unit: wanted.unit },
    ...reckonLedger(chosen.ledger, chosen.calendar, rules.ladder),
    // What the newest version publishes is firm, also where an older one is reckoned by.
    ...(calendar === wanted.calendar
      ? { provisional: reckon(termsOf(chosen.ledger), current).provisional, calendarSeen: current.version }
      : { provisional: deadline.provisional }),
    version: deadline.version + 1,
  };
  const adopted = granted || chosen === asked;
  return {
    deadline: rewound(carriedOver(deadline, after), now),
    entry: entryOf(after, amendment, context, adopted),
  };
};

/** Changes a deadline and makes its due time anew from the ledger. */
export const amend = (
  deadline: Deadline,
  amendment: Amendment,
  context: AmendContext,
): Amended | { readonly refusal: Refusal } => {
  if (deadline.endedAt !== null) {
    const detail = `${deadline.clock} has ended.`;
    return { refusal: refuse('DEADLINE_ENDED', 'conflict', detail) };
  }
  if (amendment.kind === 'end') return ended(deadline, amendment, context);
  const terms = amendTerms(deadline, amendment, context);
  if ('refusal' in terms) return terms;
  return withinCalendar(() => replanned(deadline, terms, amendment, context));
};
