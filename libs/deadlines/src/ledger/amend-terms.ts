import { Budget } from '@linli/contracts';
import { refuse, type Refusal } from '@linli/kernel';
import type { Suspension } from '../reckoning/suspension.js';
import type { AmendContext, Amendment } from './amendment.js';
import type { Deadline, LedgerTerms } from './deadline.js';

type Terms = LedgerTerms & Pick<Deadline, 'unit'>;
type Answer = Terms | { readonly refusal: Refusal };
type Of<K extends Amendment['kind']> = Extract<Amendment, { kind: K }>;

const refused = (code: string, detail: string): Answer => ({ refusal: refuse(code, 'conflict', detail) });

const isOpenAt = ({ from, to }: Suspension, at: number): boolean => from <= at && at < (to ?? Infinity);

const pause = (terms: Deadline, { from, until }: Of<'pause'>, { at, note }: AmendContext): Answer => {
  const start = from ?? at;
  if (terms.suspensions.some(({ to }) => to === null || to > start)) {
    return refused('DEADLINE_SUSPENDED', `${terms.clock} stands still already.`);
  }
  if (until !== undefined && until <= start) {
    return refused('DEADLINE_SUSPENSION_ORDER', 'A suspension must end after it begins.');
  }
  const { reason, by } = note;
  return { ...terms, suspensions: [...terms.suspensions, { from: start, to: until ?? null, reason, by }] };
};

const resume = (terms: Deadline, { at: given }: Of<'resume'>, { at }: AmendContext): Answer => {
  const end = given ?? at;
  const last = terms.suspensions.at(-1);
  if (!last || !isOpenAt(last, Math.max(end, last.from))) {
    return refused('DEADLINE_NOT_SUSPENDED', `${terms.clock} does not stand still.`);
  }
  if (end < last.from) return refused('DEADLINE_SUSPENSION_ORDER', 'A suspension must end after it begins.');
  return { ...terms, suspensions: [...terms.suspensions.slice(0, -1), { ...last, to: end }] };
};

const sameScale = (a: Budget, b: Budget): boolean => a.basis === b.basis && a.unit === b.unit;

const extend = (terms: Deadline, { more }: Of<'extend'>, { note }: AmendContext): Answer => {
  if (!Budget.safeParse(more).success) return refused('DEADLINE_BUDGET', 'An extension must give time.');
  if (!sameScale(more, terms.budget)) {
    const { basis, unit } = terms.budget;
    return refused('DEADLINE_EXTENSION_UNIT', `${terms.clock} is counted in ${unit} (${basis}).`);
  }
  const extension = { amount: more.amount, by: note.by, reason: note.reason };
  return { ...terms, extensions: [...terms.extensions, extension] };
};

const change = (terms: Deadline, { budget, unit, calendar, roll }: Of<'change'>): Answer => {
  if (budget && !Budget.safeParse(budget).success) {
    return refused('DEADLINE_BUDGET', `${terms.clock} cannot run for that.`);
  }
  if (budget && terms.extensions.length > 0 && !sameScale(budget, terms.budget)) {
    return refused('DEADLINE_EXTENSION_UNIT', `${terms.clock} was extended in another unit.`);
  }
  return {
    ...terms,
    budget: budget ?? terms.budget,
    unit: unit === undefined ? terms.unit : unit,
    calendar: calendar ?? terms.calendar,
    roll: roll ?? terms.roll,
  };
};

/** The ledger after a change, before anything is reckoned. */
export const amendTerms = (
  deadline: Deadline,
  amendment: Exclude<Amendment, { kind: 'end' }>,
  context: AmendContext,
): Answer => {
  switch (amendment.kind) {
    case 'pause':
      return pause(deadline, amendment, context);
    case 'resume':
      return resume(deadline, amendment, context);
    case 'extend':
      return extend(deadline, amendment, context);
    case 'change':
      return change(deadline, amendment);
    case 'import':
    default:
      return deadline;
  }
};
