import type { MemoryTables, MemoryTransaction } from '@linli/bus';
import type { Clock } from '@linli/kernel';
import { isReckonedBy } from '../../ledger/calendars.js';
import { nextAt, type Deadline, type LedgerEntry } from '../../ledger/deadline.js';
import {
  DECIDES_WITHIN_MS,
  FIRES_WITHIN_MS,
  type Claim,
  type DeadlineStore,
  type Reach,
} from '../deadline-store.js';
import { memorySla } from './memory-sla.js';

const TABLE = 'deadline';
const all = (tx: MemoryTransaction): Deadline[] => tx.rows<Deadline>(TABLE);
const put = (tx: MemoryTransaction, deadline: Deadline): void => tx.put(TABLE, deadline.id, deadline);
const byId = (a: Deadline, b: Deadline): number => (a.id < b.id ? -1 : 1);

interface Firing extends Pick<Claim, 'deadlineId' | 'round' | 'rung'> {
  readonly void: boolean;
}
const FIRINGS = 'deadline_firing';
const firingKey = ({ deadlineId, round, rung }: Pick<Claim, 'deadlineId' | 'round' | 'rung'>): string =>
  `${deadlineId} ${round} ${rung}`;

const claimed = (deadline: Deadline, claimedAt: number): Claim => {
  const { id: deadlineId, tenant, aggregateId, clock, version, round, next: rung, due } = deadline;
  const { name = '', level = 0, at } = deadline.rungs[rung] ?? {};
  const next = nextAt({ ...deadline, next: rung + 1 });
  return {
    ...{ deadlineId, tenant, aggregateId, clock, version, round, rung, due },
    ...{ name, level, at: at ?? claimedAt, claimedAt },
    nextInMs: next === null ? null : next - claimedAt,
  };
};

const isReached = ({ tenant, calendar, units, from, after, unseen }: Reach, one: Deadline): boolean =>
  one.tenant === tenant &&
  isReckonedBy(one.calendar, { calendar, units }) &&
  one.state === 'armed' &&
  one.budget.basis !== 'wall' &&
  one.due !== null &&
  one.due >= from &&
  one.id > after &&
  one.calendarSeen !== unseen;

type Now = () => number;
type Store = DeadlineStore<MemoryTransaction>;

const ripeOf = (tx: MemoryTransaction, now: Now): Deadline[] =>
  all(tx)
    .filter((one) => (nextAt(one) ?? Infinity) <= now())
    .toSorted((a, b) => (nextAt(a) ?? 0) - (nextAt(b) ?? 0) || byId(a, b));

const ledgerOn = (
  now: Now,
): Pick<Store, 'insert' | 'lock' | 'save' | 'record' | 'find' | 'of' | 'ledger'> => ({
  async insert(tx, deadlines) {
    for (const one of deadlines) {
      if (tx.get(TABLE, one.id)) throw new Error(`there is a deadline ${one.id} already`);
      put(tx, one);
    }
  },
  async lock(tx, tenant, ids) {
    const wanted = new Set(ids);
    const deadlines = all(tx).filter((one) => one.tenant === tenant && wanted.has(one.id));
    return { now: now(), deadlines: deadlines.toSorted(byId) };
  },
  async save(tx, changed) {
    for (const { deadline, before } of changed) {
      if (tx.get<Deadline>(TABLE, deadline.id)?.version !== before)
        throw new Error(`deadline ${deadline.id} is not the one that was locked`);
      put(tx, deadline);
    }
  },
  async record(tx, entries) {
    for (const entry of entries) tx.put('deadline_change', `${entry.deadlineId} ${entry.version}`, entry);
  },

  async find(tx, tenant, id) {
    const found = tx.get<Deadline>(TABLE, id);
    return found?.tenant === tenant ? found : null;
  },
  of: async (tx, tenant, aggregateId) =>
    all(tx)
      .filter((one) => one.tenant === tenant && one.aggregateId === aggregateId)
      .toSorted((a, b) => a.from - b.from || byId(a, b)),
  ledger: async (tx, id) =>
    tx
      .rows<LedgerEntry>('deadline_change')
      .filter(({ deadlineId }) => deadlineId === id)
      .toSorted((a, b) => a.version - b.version),
});

const claimOne = (tx: MemoryTransaction, one: Deadline, now: Now): Claim[] => {
  const claim = claimed(one, now());
  const isDue = one.state === 'armed' && one.rungs[one.next]?.due === true;
  put(tx, { ...one, next: one.next + 1, state: isDue ? 'due' : one.state });
  if (tx.get(FIRINGS, firingKey(claim))) return [];
  tx.put(FIRINGS, firingKey(claim), { ...claim, void: false } satisfies Firing);
  return [claim];
};

const firingOn = (
  now: Now,
): Pick<Store, 'ripe' | 'claim' | 'upcoming' | 'remaining' | 'hold' | 'annul' | 'fired'> => ({
  ripe: async (tx) => ripeOf(tx, now).length > 0,
  claim: async (tx, limit, ids) =>
    ripeOf(tx, now)
      .filter(({ id }) => ids === undefined || ids.includes(id))
      .slice(0, limit)
      .flatMap((one) => claimOne(tx, one, now)),
  upcoming: async (tx, withinMs, limit) =>
    all(tx)
      .map((one) => ({
        ...{ deadlineId: one.id, version: one.version, round: one.round, rung: one.next },
        inMs: (nextAt(one) ?? Infinity) - now(),
      }))
      .filter(({ inMs }) => inMs > 0 && inMs <= withinMs)
      .toSorted((a, b) => a.inMs - b.inMs)
      .slice(0, limit),
  remaining: async (tx, ids) =>
    new Map(
      ids.flatMap((id) => {
        const found = tx.get<Deadline>(TABLE, id);
        const at = found ? nextAt(found) : null;
        return at === null ? [] : [[id, at - now()] as const];
      }),
    ),
  hold: async (tx, claims) =>
    claims.map((claim) => tx.get<Firing>(FIRINGS, firingKey(claim))?.void === false),
  async annul(tx, deadlines) {
    const next = new Map(deadlines.map((one) => [one.id, one]));
    for (const firing of tx.rows<Firing>(FIRINGS)) {
      const one = next.get(firing.deadlineId);
      if (one && firing.round < one.round && firing.rung >= one.next)
        tx.put(FIRINGS, firingKey(firing), { ...firing, void: true } satisfies Firing);
    }
  },
  async fired(tx, ids) {
    for (const id of ids) {
      const found = tx.get<Deadline>(TABLE, id);
      if (found) put(tx, { ...found, state: 'fired' });
    }
  },
});

const calendarOn = (now: Now): Pick<Store, 'reached' | 'seen' | 'figures'> => ({
  async reached(tx, reach) {
    const deadlines = all(tx).filter((one) => isReached(reach, one));
    return { now: now(), deadlines: deadlines.toSorted(byId).slice(0, reach.limit) };
  },
  async seen(tx, ids, version) {
    for (const id of ids) {
      const found = tx.get<Deadline>(TABLE, id);
      if (found) put(tx, { ...found, calendarSeen: version });
    }
  },
  async figures(tx) {
    const waits = all(tx).map((one) => now() - (nextAt(one) ?? Infinity));
    return {
      armed: all(tx).filter(({ state }) => state === 'armed').length,
      overdue: waits.filter((ms) => ms > FIRES_WITHIN_MS).length,
      overdueMs: Math.max(0, ...waits.filter((ms) => ms > FIRES_WITHIN_MS)),
      undecided: all(tx).filter(
        ({ state, due }) => state === 'due' && now() - (due ?? Infinity) > DECIDES_WITHIN_MS,
      ).length,
      provisional: all(tx).filter(({ provisional, endedAt }) => provisional && endedAt === null).length,
    };
  },
});

/** Deadlines in memory, in a simulated database: for specs and simulation. */
export const memoryDeadlineStore = (tables: MemoryTables, clock: Clock): Store => {
  const now: Now = () => clock.now().getTime();
  return {
    sweep: (work) => tables.transaction(work),
    transaction: (work) => tables.transaction(work),
    reader: () => tables.reader(),
    ...ledgerOn(now),
    ...firingOn(now),
    ...calendarOn(now),
    sla: memorySla(now),
  };
};
