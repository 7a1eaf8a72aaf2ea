import { describe, expect, it } from '@jest/globals';
import { at, publishedCalendar, shown } from '../calendar/published.fixture.js';
import { inTime, isSuspended, nextAt, type Deadline } from './deadline.js';
import { Ladder } from '../ladder/ladder.js';
import { arm } from './arm.js';
import { explanationOf } from './explanation.js';
import {
  aNewDeadline,
  amended,
  amending,
  armed,
  calendar,
  days,
  hours,
  rules,
  with2027,
} from './ledger.fixture.js';

const codeOf = (answer: ReturnType<typeof amending>): string =>
  'refusal' in answer ? answer.refusal.code : 'done';
const dueOf = ({ due }: Deadline): string | null => shown(due);
const reachedUpTo = (deadline: Deadline, next: number): Deadline => ({ ...deadline, next });

describe('a deadline that is armed', () => {
  it('is reckoned, laid on its ladder, and told by which version', () => {
    const deadline = armed({ budget: days(60, 'calendar'), from: at('2026-02-25 10:00') });
    expect(deadline).toMatchObject({
      version: 1,
      state: 'armed',
      next: 0,
      round: 0,
      calendarVersion: 'published',
    });
    expect([shown(deadline.unrolledDue), dueOf(deadline)]).toEqual(['2026-04-26 24:00', '2026-04-27 24:00']);
    expect(shown(nextAt(deadline))).toBe('2026-03-27 24:00');
  });

  it.each([0, -1, 1.5])('is refused a budget of %p', (amount) => {
    expect(arm(aNewDeadline({ budget: hours(amount) }), rules, calendar)).toMatchObject({
      refusal: { code: 'DEADLINE_BUDGET' },
    });
  });

  it('is refused beyond what calendars cover', () => {
    expect(arm(aNewDeadline({ budget: days(90_000) }), rules, calendar)).toMatchObject({
      refusal: { code: 'DEADLINE_TOO_FAR' },
    });
  });
});

describe('an extension', () => {
  it('counts on from the day before it was rolled (the 90th of the worked dates)', () => {
    const deadline = armed({ budget: days(60, 'calendar'), from: at('2026-02-25 10:00') });
    const { deadline: longer, entry } = amended(
      deadline,
      { kind: 'extend', more: days(30, 'calendar') },
      '2026-04-20 10:00',
    );
    expect(dueOf(longer)).toBe('2026-05-26 24:00');
    expect(longer).toMatchObject({
      version: 2,
      extensions: [{ amount: 30, by: 'k-lead', reason: 'because' }],
    });
    expect(entry).toMatchObject({ kind: 'extend', version: 2, due: longer.due, by: 'k-lead', adopted: true });
  });

  it('must be in the unit of the budget', () => {
    expect(codeOf(amending(armed(), { kind: 'extend', more: days(1) }, '2026-03-02 09:00'))).toBe(
      'DEADLINE_EXTENSION_UNIT',
    );
    expect(codeOf(amending(armed(), { kind: 'extend', more: hours(0) }, '2026-03-02 09:00'))).toBe(
      'DEADLINE_BUDGET',
    );
  });

  it('puts rungs that were reached into the future again, to be reached in a new round', () => {
    const most = reachedUpTo(armed({ budget: hours(10), from: at('2026-03-02 08:00') }), 2);
    const { deadline: longer } = amended(most, { kind: 'extend', more: hours(10) }, '2026-03-02 16:30');
    expect(longer).toMatchObject({ next: 0, round: 1 });
    expect(shown(nextAt(longer))).toBe('2026-03-02 18:00');
    const past = amended(most, { kind: 'extend', more: hours(1) }, '2026-03-02 17:00').deadline;
    expect(past).toMatchObject({ next: 2, round: 0 });
  });

  it('that was asked for before the due time and executed after it arms the deadline again', () => {
    const due = { ...reachedUpTo(armed(), 3), state: 'due' as const };
    const { deadline } = amended(due, { kind: 'extend', more: hours(10) }, '2026-03-02 18:00');
    expect(deadline).toMatchObject({ state: 'armed', next: 1, round: 1 });
    expect(dueOf(deadline)).toBe('2026-03-03 04:00');
  });
});

describe('a suspension', () => {
  it('takes the due time out of sight, and gives it back later by as much', () => {
    const paused = amended(armed(), { kind: 'pause' }, '2026-03-02 10:00').deadline;
    expect([paused.due, nextAt(paused), paused.state]).toEqual([null, null, 'armed']);
    expect(isSuspended(paused, at('2026-03-02 11:00'))).toBe(true);
    const resumed = amended(paused, { kind: 'resume' }, '2026-03-02 12:30').deadline;
    expect(dueOf(resumed)).toBe('2026-03-02 20:30');
    expect(isSuspended(resumed, at('2026-03-02 13:00'))).toBe(false);
    expect(resumed.suspensions).toEqual([
      { from: at('2026-03-02 10:00'), to: at('2026-03-02 12:30'), reason: 'because', by: 'k-lead' },
    ]);
  });

  it('may have an end from the beginning, and be cut short', () => {
    const paused = amended(
      armed(),
      { kind: 'pause', until: at('2026-03-03 10:00') },
      '2026-03-02 10:00',
    ).deadline;
    expect(dueOf(paused)).toBe('2026-03-03 18:00');
    expect(dueOf(amended(paused, { kind: 'resume' }, '2026-03-02 11:00').deadline)).toBe('2026-03-02 19:00');
  });

  it('keeps what was reached before it', () => {
    const half = reachedUpTo(armed(), 1);
    const paused = amended(half, { kind: 'pause' }, '2026-03-02 14:00').deadline;
    expect(paused).toMatchObject({ next: 1, round: 0 });
    expect(shown(nextAt(amended(paused, { kind: 'resume' }, '2026-03-02 15:00').deadline))).toBe(
      '2026-03-02 17:00',
    );
  });

  it('is refused twice, and out of order', () => {
    const paused = amended(armed(), { kind: 'pause' }, '2026-03-02 10:00').deadline;
    expect(codeOf(amending(paused, { kind: 'pause' }, '2026-03-02 11:00'))).toBe('DEADLINE_SUSPENDED');
    expect(codeOf(amending(armed(), { kind: 'resume' }, '2026-03-02 11:00'))).toBe('DEADLINE_NOT_SUSPENDED');
    expect(codeOf(amending(paused, { kind: 'resume', at: at('2026-03-02 09:00') }, '2026-03-02 11:00'))).toBe(
      'DEADLINE_SUSPENSION_ORDER',
    );
    const backwards = { kind: 'pause', until: at('2026-03-02 09:00') } as const;
    expect(codeOf(amending(armed(), backwards, '2026-03-02 10:00'))).toBe('DEADLINE_SUSPENSION_ORDER');
  });

  it('is explained up to now, with who let it stand still', () => {
    const paused = amended(armed(), { kind: 'pause' }, '2026-03-02 10:00').deadline;
    expect(explanationOf(paused, calendar, at('2026-03-02 11:00'))).toMatchObject({
      due: null,
      intervals: [
        { kind: 'counted', from: at('2026-03-02 08:00'), to: at('2026-03-02 10:00') },
        { kind: 'suspended', from: at('2026-03-02 10:00'), to: at('2026-03-02 11:00'), by: 'k-lead' },
      ],
    });
  });
});

describe('another priority, policy or team', () => {
  const promise = armed({ budget: days(5), from: at('2026-03-02 10:00') }, { favour: 'earlier' });

  it('moves what offices owe each other as it says', () => {
    const internal = armed({ budget: days(5), from: at('2026-03-02 10:00') });
    const { deadline } = amended(
      internal,
      { kind: 'change', budget: days(15), unit: 'water' },
      '2026-03-03 10:00',
    );
    expect([dueOf(deadline), deadline.unit]).toEqual(['2026-03-23 18:00', 'water']);
  });

  it('brings what is owed to a resident nearer, never further', () => {
    const urgent = amended(promise, { kind: 'change', budget: hours(24) }, '2026-03-03 09:00');
    expect([dueOf(urgent.deadline), urgent.entry.adopted]).toEqual(['2026-03-03 10:00', true]);
    const hard = amended(promise, { kind: 'change', budget: days(15), unit: 'water' }, '2026-03-03 10:00');
    expect([dueOf(hard.deadline), hard.deadline.unit, hard.entry.adopted]).toEqual([
      '2026-03-09 18:00',
      'water',
      false,
    ]);
    expect(hard.deadline.budget).toEqual(days(5));
  });

  it('never shortens a window that a resident has', () => {
    const window = armed({ budget: days(30, 'calendar'), from: at('2026-03-02 10:00') }, { favour: 'later' });
    const less = amended(
      window,
      { kind: 'change', budget: days(15, 'calendar') },
      '2026-03-03 10:00',
    ).deadline;
    expect(less.due).toBe(window.due);
    const more = amended(
      window,
      { kind: 'change', budget: days(45, 'calendar') },
      '2026-03-03 10:00',
    ).deadline;
    expect(dueOf(more)).toBe('2026-04-16 24:00');
  });

  it('may not leave an extension in a unit that it does not have', () => {
    const longer = amended(promise, { kind: 'extend', more: days(2) }, '2026-03-03 10:00').deadline;
    expect(codeOf(amending(longer, { kind: 'change', budget: hours(24) }, '2026-03-04 10:00'))).toBe(
      'DEADLINE_EXTENSION_UNIT',
    );
  });
});

describe('another ladder', () => {
  it('is entered behind the last rung that was reached, in a new round', () => {
    const ladder = Ladder.parse({
      clock: 'K_HANDLE',
      rungs: [
        { name: 'quarter', at: { percent: 25 } },
        { name: 'half', at: { percent: 50 } },
        { name: 'nearly', at: { percent: 90 } },
        { name: 'due', at: 'due' },
      ],
    });
    const change = { kind: 'change', unit: 'water' } as const;
    const on = (next: number) =>
      amended(reachedUpTo(armed(), next), change, '2026-03-02 16:30', { rules: { ...rules, ladder } })
        .deadline;
    expect([on(1).next, on(1).round, shown(nextAt(on(1)))]).toEqual([2, 1, '2026-03-02 17:00']);
    expect([on(0).next, on(0).round]).toEqual([0, 1]);
  });
});

describe('a calendar that is imported', () => {
  const restful = with2027(['2027-01-01', '2027-01-04', '2027-01-05']);
  const busy = with2027(['2027-01-01'], ['2027-01-02', '2027-01-03']);
  const over = { budget: days(5), from: at('2026-12-30 10:00') };
  const imported = (deadline: Deadline, current = restful) =>
    amended(deadline, { kind: 'import' }, '2026-12-31 10:00', { current }).deadline;

  it('makes firm what was provisional', () => {
    const internal = armed(over);
    expect([dueOf(internal), internal.provisional]).toEqual(['2027-01-06 18:00', true]);
    expect([dueOf(imported(internal)), imported(internal).provisional]).toEqual(['2027-01-11 18:00', false]);
  });

  it('moves nothing that is owed to a resident further away', () => {
    const promise = armed(over, { favour: 'earlier' });
    const kept = imported(promise);
    expect([dueOf(kept), kept.provisional]).toEqual(['2027-01-06 18:00', false]);
    expect([kept.calendarVersion, kept.calendarSeen]).toEqual(['published', restful.version]);
    expect(dueOf(imported(promise, busy))).toBe('2027-01-05 18:00');
    expect(imported(promise, busy).calendarVersion).toBe(busy.version);
  });

  it('shortens no window that a resident has', () => {
    const window = armed(over, { favour: 'later' });
    expect(dueOf(imported(window))).toBe('2027-01-11 18:00');
    expect(dueOf(imported(window, busy))).toBe('2027-01-06 18:00');
  });

  it('harms nobody by way of a suspension either', () => {
    const promise = armed(over, { favour: 'earlier' });
    const paused = amended(promise, { kind: 'pause' }, '2026-12-30 11:00').deadline;
    const resumed = amended(imported(paused), { kind: 'resume' }, '2026-12-31 11:00', {
      current: restful,
    }).deadline;
    expect(resumed.calendarVersion).toBe('published');
    expect(resumed.due).toBe(amended(paused, { kind: 'resume' }, '2026-12-31 11:00').deadline.due);
  });

  it('explains a kept due time by the version that was kept', () => {
    const { due, intervals } = explanationOf(imported(armed(over, { favour: 'earlier' })), calendar, 0);
    expect(shown(due)).toBe('2027-01-06 18:00');
    expect(intervals.at(-1)?.to).toBe(due);
  });
});

describe('the end of a deadline', () => {
  it('is in time at the due time itself, by when the log took the command', () => {
    const deadline = armed();
    expect(inTime(deadline, new Date(at('2026-03-02 18:00')))).toBe(true);
    expect(inTime(deadline, new Date(at('2026-03-02 18:00') + 1))).toBe(false);
    expect(inTime(amended(deadline, { kind: 'pause' }, '2026-03-02 09:00').deadline, new Date())).toBe(true);
  });

  it('cancels it, and lets a fired one stay fired without reaching anything more', () => {
    const end = { kind: 'end' } as const;
    expect(amended(armed(), end, '2026-03-02 09:00').deadline).toMatchObject({
      ...{ state: 'cancelled', endedAt: at('2026-03-02 09:00'), version: 2 },
    });
    const fired = amended({ ...reachedUpTo(armed(), 3), state: 'fired' }, end, '2026-03-02 20:00').deadline;
    expect([fired.state, nextAt(fired)]).toEqual(['fired', null]);
  });

  it('is final', () => {
    const ended = amended(armed(), { kind: 'end' }, '2026-03-02 09:00').deadline;
    for (const amendment of [{ kind: 'pause' }, { kind: 'end' }, { kind: 'import' }] as const) {
      expect(codeOf(amending(ended, amendment, '2026-03-02 10:00'))).toBe('DEADLINE_ENDED');
    }
  });
});

describe('a team with other office hours', () => {
  it('keeps what was told to a resident by the hours of the one before, and moves the rest', () => {
    const night = publishedCalendar({
      windows: [['20:00', '22:00']],
      seasons: [],
      always: false,
      source: null,
    });
    const change = { kind: 'change', calendar: 'night' } as const;
    const to = (favour: Deadline['favour']) =>
      amended(
        armed({ budget: hours(4, 'working'), from: at('2026-03-02 09:00') }, { favour }),
        change,
        '2026-03-02 10:00',
        {
          current: night,
        },
      ).deadline;
    expect([dueOf(to('none')), to('none').calendar]).toEqual(['2026-03-03 22:00', 'night']);
    expect([dueOf(to('earlier')), to('earlier').calendar]).toEqual(['2026-03-02 15:00', 'city']);
  });
});
