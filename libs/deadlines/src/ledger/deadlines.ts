import type { DeadlineReached } from '@linli/contracts';
import { allOf, groupBy, refuse, type Refusal } from '@linli/kernel';
import type { WorkingCalendar } from '../calendar/working-calendar.js';
import { ALARM_AHEAD_MS, type Alarm, type AlarmTime } from '../alarm/alarm.js';
import type { Explained } from '../reckoning/explain.js';
import type { DeadlineStore } from '../store/deadline-store.js';
import { amend, type Amended } from './amend.js';
import type { Amendment } from './amendment.js';
import { arm, type ClockRules, type NewDeadline } from './arm.js';
import type { Calendars } from './calendars.js';
import { nextAt, type Deadline, type LedgerEntry, type Note } from './deadline.js';
import { explanationOf } from './explanation.js';
import type { AmendOrder, ArmOrder, Changed, LedgerHandling, LedgerWriting } from './orders.js';

export interface LedgerParts<Tx> {
  readonly store: DeadlineStore<Tx>;
  readonly calendars: Calendars<Tx>;
  readonly rules: ReadonlyMap<string, ClockRules>;
  readonly alarm: Pick<Alarm, 'set'>;
}

const noCalendar = (name: string): { readonly refusal: Refusal } => ({
  refusal: refuse('DEADLINE_CALENDAR_UNKNOWN', 'invalid', `There is no calendar "${name}".`),
});

export const alarmOf = (deadline: Deadline, now: number): AlarmTime[] => {
  const { id: deadlineId, version, round, next: rung } = deadline;
  const inMs = (nextAt(deadline) ?? Infinity) - now;
  return inMs <= ALARM_AHEAD_MS ? [{ deadlineId, version, round, rung, inMs }] : [];
};

const armEntry = (deadline: Deadline, { at, note }: ArmOrder): LedgerEntry => {
  const { id: deadlineId, version, due, budget, from } = deadline;
  const body = { budget, from };
  return { deadlineId, version, kind: 'arm', at: at.getTime(), body, due, adopted: true, ...note };
};

const calendarAfter = (deadline: Deadline, { amendment }: AmendOrder): string =>
  (amendment.kind === 'change' && amendment.calendar) || deadline.calendar;

/** Deadlines as command handlers arm and change them, in their own transaction. */
export class Ledger<Tx> {
  constructor(private readonly parts: LedgerParts<Tx>) {}

  /** Starts clocks, any number at once. A refusal has changed nothing; an id that is there already rejects. */
  arm(handling: LedgerHandling<Tx>, wanted: readonly NewDeadline[], note: Note): Promise<Changed> {
    const at = handling.appendedAt;
    return this.armAll(
      handling,
      wanted.map((deadline) => ({ deadline, at, note })),
    );
  }

  /** The same for several commands: their statements do not grow with them. */
  async armAll({ tx, afterCommit }: LedgerWriting<Tx>, orders: readonly ArmOrder[]): Promise<Changed> {
    const calendarOf = await this.calendars(
      tx,
      orders.map(({ deadline: { tenant, calendar } }) => ({ tenant, name: calendar })),
    );
    const made: [Deadline, ArmOrder][] = [];
    for (const order of orders) {
      const { deadline: wanted } = order;
      const calendar = calendarOf(wanted.tenant, wanted.calendar);
      if (!calendar) return noCalendar(wanted.calendar);
      const one = arm(wanted, this.rulesOf(wanted.clock), calendar);
      if ('refusal' in one) return one;
      made.push([one.deadline, order]);
    }
    const deadlines = made.map(([deadline]) => deadline);
    await allOf([
      this.parts.store.insert(tx, deadlines),
      this.parts.store.record(
        tx,
        made.map(([deadline, order]) => armEntry(deadline, order)),
      ),
    ]);
    this.wake(
      afterCommit,
      made.flatMap(([deadline, { at }]) => alarmOf(deadline, at.getTime())),
    );
    return { deadlines };
  }

  /** Changes deadlines alike: all of them, or none and the first reason why not. Unknown ids are passed over. */
  amend(
    handling: LedgerHandling<Tx>,
    tenant: string,
    ids: readonly string[],
    amendment: Amendment,
    note: Note,
  ): Promise<Changed> {
    const at = handling.appendedAt;
    return this.amendAll(
      handling,
      ids.map((id) => ({ tenant, id, amendment, at, note })),
    );
  }

  /** Changes by several commands, in their order: all, or none and the first reason why not. Unknown ids are passed over. */
  async amendAll({ tx, afterCommit }: LedgerWriting<Tx>, orders: readonly AmendOrder[]): Promise<Changed> {
    const { now, deadlines } = await this.locked(tx, orders);
    const asked = orders.flatMap((order): [AmendOrder, Deadline][] => {
      const found = deadlines.get(order.id);
      return found?.tenant === order.tenant ? [[order, found]] : [];
    });
    const calendarOf = await this.calendars(
      tx,
      asked.map(([order, found]) => ({ tenant: order.tenant, name: calendarAfter(found, order) })),
    );
    const done: Amended[] = [];
    for (const [order, found] of asked) {
      const before = deadlines.get(order.id) ?? found;
      const current = calendarOf(order.tenant, calendarAfter(before, order));
      const pinned = await this.parts.calendars.version(tx, before.calendar, before.calendarVersion);
      if (!current || !pinned) return noCalendar(current ? before.calendar : calendarAfter(before, order));
      const { amendment, at, note } = order;
      const context = { rules: this.rulesOf(before.clock), pinned, current, now, note, at: at.getTime() };
      const changed = amend(before, amendment, context);
      if ('refusal' in changed) return changed;
      deadlines.set(order.id, changed.deadline);
      done.push(changed);
    }
    await this.keep(tx, done);
    const after = [...deadlines.values()];
    this.wake(
      afterCommit,
      after.flatMap((deadline) => alarmOf(deadline, now)),
    );
    return { deadlines: after };
  }

  /**
   * What firings that arrive as commands say of their deadlines now, in their order. Null: it counts no more, because the
   * deadline has ended, or was moved meanwhile and will be reached anew. Commands of an aggregate are handled in the order
   * in which the log took them, and a firing is sent after its time: whatever was accepted in time (C-7) was handled before
   * it, and has ended or moved the deadline. Call `fired` for those due times that the aggregate heard.
   */
  async counting(
    tx: Tx,
    tenant: string,
    firings: readonly DeadlineReached[],
  ): Promise<readonly (Deadline | null)[]> {
    const { store } = this.parts;
    const ids = [...new Set(firings.map(({ deadlineId }) => deadlineId))];
    const { deadlines } = await store.lock(tx, tenant, ids);
    const found = new Map(deadlines.map((deadline) => [deadline.id, deadline]));
    const held = await store.hold(tx, firings);
    return firings.map(({ deadlineId }, n) => {
      const deadline = found.get(deadlineId);
      return deadline?.endedAt === null && held[n] ? deadline : null;
    });
  }

  /** The aggregates heard that these deadlines are due. */
  fired(tx: Tx, ids: readonly string[]): Promise<void> {
    return this.parts.store.fired(tx, ids);
  }

  /** The same for one firing, heard at once. */
  async reached(
    { tx }: Pick<LedgerHandling<Tx>, 'tx'>,
    tenant: string,
    firing: DeadlineReached,
  ): Promise<Deadline | null> {
    const [deadline = null] = await this.counting(tx, tenant, [firing]);
    if (deadline?.state !== 'due' || !deadline.rungs[firing.rung]?.due) return deadline;
    await this.fired(tx, [deadline.id]);
    return { ...deadline, state: 'fired' };
  }

  /** Every stretch of a deadline's time and what it was; null: there is no such deadline. */
  async explain(
    tx: Tx,
    tenant: string,
    id: string,
    now: Date,
  ): Promise<(Explained & { readonly deadline: Deadline }) | null> {
    const deadline = await this.parts.store.find(tx, tenant, id);
    if (!deadline) return null;
    const calendar = await this.parts.calendars.version(tx, deadline.calendar, deadline.calendarVersion);
    if (!calendar) throw new Error(`version ${deadline.calendarVersion} of ${deadline.calendar} is gone`);
    return { ...explanationOf(deadline, calendar, now.getTime()), deadline };
  }

  /** Writes changed deadlines with their entries; several changes of one are one row, over the version before the first. */
  async keep(tx: Tx, done: readonly Amended[]): Promise<void> {
    const { store } = this.parts;
    const last = new Map(done.map(({ deadline }) => [deadline.id, deadline]));
    const first = new Map(done.toReversed().map(({ deadline }) => [deadline.id, deadline.version - 1]));
    await store.save(
      tx,
      [...last.values()].map((deadline) => ({ deadline, before: first.get(deadline.id) ?? 0 })),
    );
    await store.record(
      tx,
      done.map(({ entry }) => entry),
    );
    const rewound = [...last.values()].filter(({ round }) => round > 0);
    if (rewound.length > 0) await store.annul(tx, rewound);
  }

  rulesOf(clock: string): ClockRules {
    const rules = this.parts.rules.get(clock);
    if (!rules) throw new Error(`no clock ${clock} was named when the deadlines were opened`);
    return rules;
  }

  private async locked(
    tx: Tx,
    orders: readonly AmendOrder[],
  ): Promise<{ readonly now: number; readonly deadlines: Map<string, Deadline> }> {
    const deadlines = new Map<string, Deadline>();
    let latest = 0;
    for (const [tenant, ofTenant] of groupBy(orders, (order) => order.tenant)) {
      const ids = [...new Set(ofTenant.map(({ id }) => id))];
      const { now, deadlines: found } = await this.parts.store.lock(tx, tenant, ids);
      latest = Math.max(latest, now);
      for (const one of found) deadlines.set(one.id, one);
    }
    return { now: latest, deadlines };
  }

  /** Calendars as this one piece of work sees them, those of a tenant looked up at once. */
  private async calendars(
    tx: Tx,
    wanted: readonly { readonly tenant: string; readonly name: string }[],
  ): Promise<(tenant: string, name: string) => WorkingCalendar | null> {
    const known = new Map<string, ReadonlyMap<string, WorkingCalendar>>();
    for (const [tenant, ofTenant] of groupBy(wanted, (one) => one.tenant)) {
      const names = [...new Set(ofTenant.map(({ name }) => name))];
      known.set(tenant, await this.parts.calendars.newest(tx, tenant, names));
    }
    return (tenant, name) => known.get(tenant)?.get(name) ?? null;
  }

  private wake(afterCommit: LedgerHandling<Tx>['afterCommit'], times: readonly AlarmTime[]): void {
    if (times.length > 0) afterCommit(() => this.parts.alarm.set(times));
  }
}
