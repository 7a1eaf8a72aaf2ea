import type { Budget } from '@linli/contracts';
import { refuse, type Refusal } from '@linli/kernel';
import type { DeadlineMove } from '../calendars/deadlines-on.js';
import type { SlaFilter } from '../store/sla-reads.js';
import { amend } from './amend.js';
import type { ClockRules } from './arm.js';
import type { Deadline, Note } from './deadline.js';
import { alarmOf, type Ledger, type LedgerParts } from './deadlines.js';
import type { LedgerHandling } from './orders.js';
import { movesOf, type Weighed } from './weighed.js';

/** What some deadlines get, by their ids; who is left out keeps its own. */
export type BudgetsFor = (some: readonly Deadline[]) => Promise<ReadonlyMap<string, Budget>>;

/** Other budgets for the deadlines of a clock that are not missed yet. */
export interface PolicyChange {
  readonly clock: string;
  /** Only those that this unit has to keep. */
  readonly unit?: string | undefined;
  readonly budgets: BudgetsFor;
}

/** The same for all. */
export const alike =
  (budget: Budget): BudgetsFor =>
  async (some) =>
    new Map(some.map(({ id }) => [id, budget]));

type Parts<Tx> = Pick<LedgerParts<Tx>, 'store' | 'calendars' | 'rules'>;

const AT_ONCE = 500;

interface Weighing {
  readonly rules: ClockRules;
  readonly budgets: ReadonlyMap<string, Budget>;
  /** When the log took the change, and when it is. */
  readonly at: number;
  readonly now: number;
  readonly note: Note;
}

const rulesOf = <Tx>({ rules }: Parts<Tx>, clock: string): ClockRules | Refusal => {
  const names = [...rules.keys()].toSorted().join(', ');
  const unknown = `There is no clock "${clock}"; there are: ${names}.`;
  return rules.get(clock) ?? refuse('SLA_CLOCK_UNKNOWN', 'invalid', unknown);
};

/** Open ones that are not missed: a clock that was missed stays so, whatever is decided later. */
async function* running<Tx>(
  { store }: Parts<Tx>,
  tx: Tx,
  filter: SlaFilter & { readonly clock: string },
): AsyncGenerator<readonly Deadline[]> {
  for (let after = ''; ;) {
    const some = await store.sla.ofClock(tx, { ...filter, after, limit: AT_ONCE });
    yield some.filter(({ state }) => state !== 'fired');
    if (some.length < AT_ONCE) return;
    after = some.at(-1)?.id ?? '';
  }
}

/** What becomes of those of one tenant that get another budget; left out: what ended, or is counted in another unit. */
const weighed = async <Tx>(
  { calendars }: Parts<Tx>,
  tx: Tx,
  deadlines: readonly Deadline[],
  { budgets, ...context }: Weighing,
): Promise<Weighed[]> => {
  if (deadlines.length === 0) return [];
  const names = [...new Set(deadlines.map(({ calendar }) => calendar))];
  const newest = await calendars.newest(tx, deadlines[0]?.tenant ?? '', names);
  const all: Weighed[] = [];
  for (const one of deadlines) {
    const budget = budgets.get(one.id);
    if (!budget) continue;
    const pinned = await calendars.version(tx, one.calendar, one.calendarVersion);
    const current = newest.get(one.calendar);
    if (!pinned || !current)
      throw new Error(`${one.calendar} is gone, or its version ${one.calendarVersion}`);
    const changed = amend(one, { kind: 'change', budget }, { ...context, pinned, current });
    if (!('refusal' in changed)) all.push([one, changed]);
  }
  return all;
};

/** Every deadline whose due time another policy would move, in the order of ids; changes nothing. */
export const movedByPolicy = async <Tx>(
  parts: Parts<Tx>,
  tx: Tx,
  { tenant, areas }: Pick<SlaFilter, 'tenant' | 'areas'>,
  { clock, unit, budgets }: PolicyChange,
): Promise<readonly DeadlineMove[] | Refusal> => {
  const rules = rulesOf(parts, clock);
  if ('kind' in rules) return rules;
  const now = await parts.store.sla.at(tx);
  const weighing = { rules, at: now, now, note: { by: 'system', reason: 'what if' } };
  const moves: DeadlineMove[] = [];
  for await (const some of running(parts, tx, { tenant, areas, clock, unit }))
    moves.push(...movesOf(await weighed(parts, tx, some, { ...weighing, budgets: await budgets(some) })));
  return moves;
};

/** Who changes a policy, and why. */
export interface PolicyNote extends Note {
  readonly tenant: string;
}

/**
 * Does what `movedByPolicy` foresees, in the transaction of the command: policy and deadlines change together or not at
 * all. Tells which due times moved; a clock that stands still gets its new budget too.
 */
export const moveByPolicy = async <Tx>(
  parts: LedgerParts<Tx>,
  ledger: Ledger<Tx>,
  { tx, appendedAt, afterCommit }: LedgerHandling<Tx>,
  { clock, unit, budgets }: PolicyChange,
  { tenant, ...note }: PolicyNote,
): Promise<readonly DeadlineMove[] | Refusal> => {
  const rules = rulesOf(parts, clock);
  if ('kind' in rules) return rules;
  const moves: DeadlineMove[] = [];
  for await (const some of running(parts, tx, { tenant, areas: null, clock, unit })) {
    const wanted = await budgets(some);
    const { now, deadlines } = await parts.store.lock(tx, tenant, [...wanted.keys()]);
    const weighing = { rules, budgets: wanted, at: appendedAt.getTime(), now, note };
    const all = await weighed(
      parts,
      tx,
      deadlines.filter(({ state }) => state !== 'fired'),
      weighing,
    );
    const changed = all.map(([, amended]) => amended);
    await ledger.keep(tx, changed);
    afterCommit(() => parts.alarm.set(changed.flatMap(({ deadline }) => alarmOf(deadline, now))));
    moves.push(...movesOf(all));
  }
  return moves;
};
