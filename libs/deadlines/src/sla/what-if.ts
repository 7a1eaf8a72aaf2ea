import type { MovingDeadline, Principal, WhatIf, WhatIfAnswer } from '@linli/contracts';
import type { Refusal } from '@linli/kernel';
import type { DeadlineMove } from '../calendars/deadlines-on.js';
import { previewImport } from '../calendars/import-calendar.js';
import type { WorkingCalendars } from '../calendars/working-calendars.js';
import { alike } from '../ledger/policy.js';
import type { Sla } from './sla.js';

/** What one service says of a change that nobody made. */
export type WhatIfSeen = Omit<WhatIfAnswer, 'deadlines'> & {
  readonly deadlines: readonly Omit<WhatIfAnswer['deadlines'][number], 'service'>[];
};

const MOST_SHOWN = 1000;

const instantOf = (text: string | null): number => (text === null ? Infinity : Date.parse(text));
const textOrNull = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

type Moving = Omit<WhatIfSeen, 'change'>;

const seenOf = (now: number, moving: readonly MovingDeadline[]): Moving => {
  const isLate = ({ from, to }: MovingDeadline): boolean => instantOf(to) < now && instantOf(from) >= now;
  const earlier = moving.filter(({ from, to }) => instantOf(to) < instantOf(from)).length;
  return {
    ...{ at: new Date(now).toISOString(), moving: moving.length },
    ...{ earlier, later: moving.length - earlier, late: moving.filter(isLate).length },
    deadlines: moving.slice(0, MOST_SHOWN).map((one) => ({ ...one, late: isLate(one) })),
  };
};

/** Deadlines that move, as people are shown them: how many, which way, and which would be late at once. */
export const movingOf = (now: number, moves: readonly DeadlineMove[]): Moving =>
  seenOf(
    now,
    moves.map((one) => ({ ...one, from: textOrNull(one.from), to: textOrNull(one.to) })),
  );

/** Which deadlines a change of a calendar or of a policy would move, before anybody makes it; changes nothing. */
export const whatIf = async <Tx>(
  { sla, calendars }: { readonly sla: Sla<Tx>; readonly calendars: WorkingCalendars<Tx> },
  tx: Tx,
  who: Pick<Principal, 'tenant' | 'areas'>,
  order: WhatIf,
): Promise<WhatIfSeen | Refusal> => {
  const now = await sla.now(tx);
  if (order.change === 'calendar') {
    const { calendar, content } = order;
    const seen = await previewImport(calendars, tx, { tenant: who.tenant, calendar, content });
    return 'kind' in seen ? seen : { change: 'calendar', ...seenOf(now, seen.deadlines) };
  }
  const { clock, unit, budget } = order;
  const moves = await sla.movedByPolicy(tx, who, { clock, unit, budgets: alike(budget) });
  return 'kind' in moves ? moves : { change: 'policy', ...movingOf(now, moves) };
};
