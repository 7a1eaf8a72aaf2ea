import { changedFrom } from '../calendar/changed-from.js';
import type { WorkingCalendar } from '../calendar/working-calendar.js';
import type { DeadlineStore, Reach } from '../store/deadline-store.js';
import { amend, type Amended } from './amend.js';
import type { Calendars } from './calendars.js';
import { alarmOf, type Ledger, type LedgerParts } from './deadlines.js';
import type { Deadline, Note } from './deadline.js';

/** A calendar of a tenant, in the version before an import and in the one after it. */
export interface CalendarChange {
  readonly tenant: string;
  readonly calendar: string;
  readonly from: WorkingCalendar;
  readonly to: WorkingCalendar;
}

/** A deadline that an import moves. Milliseconds. */
export interface Move {
  readonly id: string;
  readonly aggregateId: string;
  readonly clock: string;
  readonly from: number | null;
  readonly to: number | null;
}

export interface Recomputed {
  /** Deadlines that were weighed. */
  readonly weighed: number;
  readonly moved: number;
  /** That were provisional and are no more. */
  readonly firm: number;
}

const AT_ONCE = 500;

type Weighed = readonly [before: Deadline, after: Amended];

const isMoved = ([before, { deadline }]: Weighed): boolean => before.due !== deadline.due;
const isFirm = ([before, { deadline }]: Weighed): boolean => before.provisional && !deadline.provisional;
const differs = (one: Weighed): boolean =>
  isMoved(one) || isFirm(one) || one[0].rungs.some(({ at }, rung) => at !== one[1].deadline.rungs[rung]?.at);

/** What an imported calendar does to deadlines. See decision 0019 for what moves and what does not. */
export class CalendarImport<Tx> {
  private readonly store: DeadlineStore<Tx>;
  private readonly calendars: Calendars;

  constructor(
    private readonly parts: LedgerParts<Tx>,
    private readonly ledger: Ledger<Tx>,
  ) {
    this.store = parts.store;
    this.calendars = parts.calendars;
  }

  /** Every deadline that would move, in the order of ids; changes nothing. */
  async moves(change: CalendarChange, chunk = AT_ONCE): Promise<readonly Move[]> {
    const reach = this.reachOf(change, chunk);
    const moves: Move[] = [];
    if (!reach) return moves;
    for (let after = ''; ;) {
      const { now, deadlines } = await this.store.reached(this.store.reader(), { ...reach, after });
      for (const [before, { deadline }] of await this.weighed(deadlines, change, now)) {
        const { id, aggregateId, clock, due: from } = before;
        if (deadline.due !== from) moves.push({ id, aggregateId, clock, from, to: deadline.due });
      }
      if (deadlines.length < chunk) return moves;
      after = deadlines.at(-1)?.id ?? '';
    }
  }

  /**
   * Recomputes all armed deadlines that reach into what changed, in chunks, each in a transaction of its own. Begun again
   * after a crash or a conflict it goes on with those that it has not weighed. The new version must be the newest of
   * `Calendars` by then; begun once more a minute later it also weighs what commands under way armed by the old one.
   */
  async recompute(change: CalendarChange, note: Note, chunk = AT_ONCE): Promise<Recomputed> {
    const reach = this.reachOf(change, chunk);
    const sum = { weighed: 0, moved: 0, firm: 0 };
    if (!reach) return sum;
    for (;;) {
      const done = await this.recomputeChunk({ ...reach, unseen: change.to.version }, change, note);
      sum.weighed += done.weighed;
      sum.moved += done.moved;
      sum.firm += done.firm;
      if (done.weighed < chunk) return sum;
    }
  }

  private async recomputeChunk(reach: Reach, change: CalendarChange, note: Note): Promise<Recomputed> {
    const { store, ledger } = this;
    const { done, recomputed, now } = await store.transaction(async (tx) => {
      const locked = await store.reached(tx, reach);
      const all = await this.weighed(locked.deadlines, change, locked.now, note);
      const changed = all.filter(differs).map(([, amended]) => amended);
      const same = all.filter((one) => !differs(one)).map(([{ id }]) => id);
      await ledger.keep(tx, changed);
      await store.seen(tx, same, change.to.version);
      const counts = {
        weighed: all.length,
        moved: all.filter(isMoved).length,
        firm: all.filter(isFirm).length,
      };
      return { done: changed, recomputed: counts, now: locked.now };
    });
    this.parts.alarm.set(done.flatMap(({ deadline }) => alarmOf(deadline, now)));
    return recomputed;
  }

  private reachOf({ tenant, calendar, from, to }: CalendarChange, limit: number): Reach | null {
    const first = changedFrom(from, to);
    return first === null ? null : { tenant, calendar, from: first, after: '', limit };
  }

  private async weighed(
    deadlines: readonly Deadline[],
    change: CalendarChange,
    now: number,
    note: Note = { by: 'system', reason: 'dry run' },
  ): Promise<Weighed[]> {
    const versions = new Map([change.from, change.to].map((one) => [one.version, one]));
    const all: Weighed[] = [];
    for (const deadline of deadlines) {
      const { tenant, calendar, calendarVersion } = deadline;
      const pinned =
        versions.get(calendarVersion) ?? (await this.calendars.of(tenant, calendar, calendarVersion));
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
