import type { Handling } from '@linli/bus';
import type { DeadlineReached } from '@linli/contracts';
import { refuse, type Refusal } from '@linli/kernel';
import { ALARM_AHEAD_MS, type Alarm, type AlarmTime } from '../alarm/alarm.js';
import type { Explained } from '../reckoning/explain.js';
import type { DeadlineStore } from '../store/deadline-store.js';
import { amend, type Amended } from './amend.js';
import type { Amendment } from './amendment.js';
import { arm, type ClockRules, type NewDeadline } from './arm.js';
import { calendarsOn, type Calendars } from './calendars.js';
import { nextAt, type Deadline, type LedgerEntry, type Note } from './deadline.js';
import { explanationOf } from './explanation.js';

/** What of a command's handling the ledger needs: all that it writes commits with the aggregate or not at all. */
export type LedgerHandling<Tx> = Pick<Handling<Tx>, 'tx' | 'appendedAt' | 'afterCommit'>;

export type Changed = { readonly deadlines: readonly Deadline[] } | { readonly refusal: Refusal };

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

/** Deadlines as command handlers arm and change them, in their own transaction. */
export class Ledger<Tx> {
  constructor(private readonly parts: LedgerParts<Tx>) {}

  /** Starts clocks, any number at once. A refusal has changed nothing; an id that is there already rejects. */
  async arm(handling: LedgerHandling<Tx>, wanted: readonly NewDeadline[], note: Note): Promise<Changed> {
    const calendarOf = calendarsOn(this.parts.calendars, handling.tx);
    const deadlines: Deadline[] = [];
    for (const one of wanted) {
      const calendar = await calendarOf(one.tenant, one.calendar);
      if (!calendar) return noCalendar(one.calendar);
      const made = arm(one, this.rulesOf(one.clock), calendar);
      if ('refusal' in made) return made;
      deadlines.push(made.deadline);
    }
    const at = handling.appendedAt.getTime();
    const entries = deadlines.map(({ id: deadlineId, version, due, budget, from }): LedgerEntry => {
      const body = { budget, from };
      return { deadlineId, version, kind: 'arm', at, body, due, adopted: true, ...note };
    });
    await this.parts.store.insert(handling.tx, deadlines);
    await this.parts.store.record(handling.tx, entries);
    this.wake(handling, deadlines, at);
    return { deadlines };
  }

  /** Changes deadlines alike: all of them, or none and the first reason why not. Unknown ids are passed over. */
  async amend(
    handling: LedgerHandling<Tx>,
    tenant: string,
    ids: readonly string[],
    amendment: Amendment,
    note: Note,
  ): Promise<Changed> {
    const { store } = this.parts;
    const { now, deadlines } = await store.lock(handling.tx, tenant, ids);
    const calendarOf = calendarsOn(this.parts.calendars, handling.tx);
    const done: Amended[] = [];
    for (const deadline of deadlines) {
      const name = (amendment.kind === 'change' && amendment.calendar) || deadline.calendar;
      const current = await calendarOf(tenant, name);
      const pinned = await calendarOf(tenant, deadline.calendar, deadline.calendarVersion);
      if (!current || !pinned) return noCalendar(current ? deadline.calendar : name);
      const context = { rules: this.rulesOf(deadline.clock), pinned, current, now, note };
      const changed = amend(deadline, amendment, { ...context, at: handling.appendedAt.getTime() });
      if ('refusal' in changed) return changed;
      done.push(changed);
    }
    await this.keep(handling.tx, done);
    const after = done.map(({ deadline }) => deadline);
    this.wake(handling, after, now);
    return { deadlines: after };
  }

  /**
   * What a firing that arrives as a command says of its deadline now. Null: it counts no more, because the deadline has
   * ended, or was moved meanwhile and will be reached anew. Commands of an aggregate are handled in the order in which the
   * log took them, and a firing is sent after its time: whatever was accepted in time (C-7) was handled before it, and has
   * ended or moved the deadline.
   */
  async reached(
    { tx }: Pick<LedgerHandling<Tx>, 'tx'>,
    tenant: string,
    firing: DeadlineReached,
  ): Promise<Deadline | null> {
    const { store } = this.parts;
    const [deadline] = (await store.lock(tx, tenant, [firing.deadlineId])).deadlines;
    if (!deadline || deadline.endedAt !== null || !(await store.holds(tx, firing))) return null;
    if (deadline.state !== 'due' || !deadline.rungs[firing.rung]?.due) return deadline;
    await store.fired(tx, deadline.id);
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
    const calendar = await this.parts.calendars.of(tx, tenant, deadline.calendar, deadline.calendarVersion);
    if (!calendar) throw new Error(`version ${deadline.calendarVersion} of ${deadline.calendar} is gone`);
    return { ...explanationOf(deadline, calendar, now.getTime()), deadline };
  }

  /** Writes changed deadlines with their entries. */
  async keep(tx: Tx, done: readonly Amended[]): Promise<void> {
    const { store } = this.parts;
    const deadlines = done.map(({ deadline }) => deadline);
    await store.save(tx, deadlines);
    await store.record(
      tx,
      done.map(({ entry }) => entry),
    );
    const rewound = deadlines.filter(({ round }) => round > 0);
    if (rewound.length > 0) await store.annul(tx, rewound);
  }

  rulesOf(clock: string): ClockRules {
    const rules = this.parts.rules.get(clock);
    if (!rules) throw new Error(`no clock ${clock} was named when the deadlines were opened`);
    return rules;
  }

  private wake(handling: LedgerHandling<Tx>, deadlines: readonly Deadline[], now: number): void {
    const times = deadlines.flatMap((deadline) => alarmOf(deadline, now));
    if (times.length > 0) handling.afterCommit(() => this.parts.alarm.set(times));
  }
}
