import { isDeepStrictEqual } from 'node:util';
import type { Handling } from '@linli/bus';
import { changedFrom } from '../calendar/changed-from.js';
import type { CalendarChange, DeadlineMove, DeadlinesOn } from '../calendars/deadlines-on.js';
import type { DeadlineStore, Reach } from '../store/deadline-store.js';
import { amend } from './amend.js';
import { alarmOf, type Ledger, type LedgerParts } from './deadlines.js';
import type { Deadline, Note } from './deadline.js';
import { isMoved, movesOf, type Weighed } from './weighed.js';

export interface Recomputed {
  /** Deadlines that were weighed. */
  readonly weighed: number;
  readonly moved: number;
  /** That were provisional and are no more. */
  readonly firm: number;
}

const AT_ONCE = 500;

interface Chunk {
  readonly now: number;
  readonly all: readonly Weighed[];
  readonly changed: readonly Deadline[];
}

const isFirm = ([before, { deadline }]: Weighed): boolean => before.provisional && !deadline.provisional;
/** The instants between start and due time move also where that stays. */
const isShifted = ([before, { deadline }]: Weighed): boolean =>
  !isDeepStrictEqual(before.leftAt, deadline.leftAt) ||
  before.rungs.some(({ at }, rung) => at !== deadline.rungs[rung]?.at);
const differs = (one: Weighed): boolean => isMoved(one) || isFirm(one) || isShifted(one);

const noteOf = ({ calendar, to }: CalendarChange): Note => ({
  by: 'system',
  reason: `calendar ${calendar} was imported, version ${to.version}`,
});

const reachOf = ({ tenant, calendar, units, from, to }: CalendarChange, limit: number): Reach | null => {
  const first = changedFrom(from, to);
  return first === null ? null : { tenant, calendar, units, from: first, after: '', limit };
};

/** What an imported calendar does to deadlines. See decision 0019 for what moves and what does not. */
export class CalendarImport<Tx> implements DeadlinesOn<Tx> {
  private readonly store: DeadlineStore<Tx>;

  constructor(
    private readonly parts: LedgerParts<Tx>,
    private readonly ledger: Ledger<Tx>,
  ) {
    this.store = parts.store;
  }

  /** Every deadline that would move, in the order of ids; changes nothing. */
  async moving(tx: Tx, change: CalendarChange, chunk = AT_ONCE): Promise<readonly DeadlineMove[]> {
    const reach = reachOf(change, chunk);
    const moves: DeadlineMove[] = [];
    if (!reach) return moves;
    for (let after = ''; ;) {
      const { now, deadlines } = await this.store.reached(tx, { ...reach, after });
      moves.push(...movesOf(await this.weighed(tx, deadlines, change, now)));
      if (deadlines.length < chunk) return moves;
      after = deadlines.at(-1)?.id ?? '';
    }
  }

  /** Recomputes in the transaction of the import: calendar and deadlines change together or not at all. */
  async move(
    { tx, afterCommit }: Pick<Handling<Tx>, 'tx' | 'afterCommit'>,
    change: CalendarChange,
    chunk = AT_ONCE,
  ): Promise<readonly DeadlineMove[]> {
    const reach = reachOf(change, chunk);
    const moves: DeadlineMove[] = [];
    if (!reach) return moves;
    for (;;) {
      const done = await this.chunk(tx, reach, change);
      moves.push(...movesOf(done.all));
      afterCommit(() => this.wake(done));
      if (done.all.length < chunk) return moves;
    }
  }

  /**
   * The same in chunks, each in a transaction of its own, for more deadlines than one transaction should hold. Begun again
   * after a crash or a conflict it goes on with those that it has not weighed. The new version must be the newest by then;
   * begun once more a minute later it also weighs what commands under way armed by the old one.
   */
  async recompute(change: CalendarChange, chunk = AT_ONCE): Promise<Recomputed> {
    const reach = reachOf(change, chunk);
    const sum = { weighed: 0, moved: 0, firm: 0 };
    if (!reach) return sum;
    for (;;) {
      const done = await this.store.transaction((tx) => this.chunk(tx, reach, change));
      this.wake(done);
      sum.weighed += done.all.length;
      sum.moved += done.all.filter(isMoved).length;
      sum.firm += done.all.filter(isFirm).length;
      if (done.all.length < chunk) return sum;
    }
  }

  private async chunk(tx: Tx, reach: Reach, change: CalendarChange): Promise<Chunk> {
    const { store, ledger } = this;
    const { now, deadlines } = await store.reached(tx, { ...reach, unseen: change.to.version });
    const all = await this.weighed(tx, deadlines, change, now);
    const changed = all.filter(differs).map(([, amended]) => amended);
    const same = all.filter((one) => !differs(one)).map(([{ id }]) => id);
    await ledger.keep(tx, changed);
    await store.seen(tx, same, change.to.version);
    return { now, all, changed: changed.map(({ deadline }) => deadline) };
  }

  private wake({ changed, now }: Chunk): void {
    this.parts.alarm.set(changed.flatMap((deadline) => alarmOf(deadline, now)));
  }

  private async weighed(
    tx: Tx,
    deadlines: readonly Deadline[],
    change: CalendarChange,
    now: number,
  ): Promise<Weighed[]> {
    const versions = new Map([change.from, change.to].map((one) => [one.version, one]));
    const note = noteOf(change);
    const all: Weighed[] = [];
    for (const deadline of deadlines) {
      const { calendar, calendarVersion } = deadline;
      const pinned =
        versions.get(calendarVersion) ?? (await this.parts.calendars.version(tx, calendar, calendarVersion));
      if (!pinned) throw new Error(`version ${calendarVersion} of ${calendar} is gone`);
      versions.set(calendarVersion, pinned);
      const context = { rules: this.ledger.rulesOf(deadline.clock), pinned, current: change.to, note };
      const amended = amend(deadline, { kind: 'import' }, { ...context, at: now, now });
      if ('refusal' in amended) throw new Error(`${deadline.id}: ${amended.refusal.detail}`);
      all.push([deadline, amended]);
    }
    return all;
  }
}
