import { describe, expect, it } from '@jest/globals';
import { DAY, HOUR } from '@linli/kernel';
import type { Level } from './colour.js';
import type { Seen } from './context.js';
import { decide } from './decide.js';
import type { Closing, WarningCommand } from './warning.commands.js';
import { answerTo, aWarning, calm, commands, context, NOW, refusalOf } from './warning.fixture.js';
import type { Warning } from './warning.js';

const tell = (warning: Warning, command: WarningCommand, seen: Partial<Seen> = {}) =>
  answerTo(warning, command, context('street', { seen: { ...calm, ...seen } }));

describe('lowering', () => {
  it.each<[Level, number, string]>([
    [3, 24, 'lowered'],
    [3, 23.9, 'WRN_HYSTERESIS'],
    [2, 72, 'lowered'],
    [2, 71.9, 'WRN_HYSTERESIS'],
  ])('from level %i after %d hours below the bound: %s', (level, hours, answer) => {
    const coolSince = NOW - hours * HOUR;
    expect(tell(aWarning('disposing', level), commands.lower, { coolSince })).toBe(answer);
  });

  it('takes a score that is low now', () => {
    expect(tell(aWarning('disposing', 3), commands.lower, { coolSince: null })).toBe('WRN_HYSTERESIS');
  });

  it('takes that it had this colour so long: a colour by a trigger may have a low score from the beginning', () => {
    const young = aWarning('disposing', 3, { levelSince: NOW - 2 * HOUR });
    expect(tell(young, commands.lower)).toBe('WRN_HYSTERESIS');
  });

  it('takes evidence of what was done', () => {
    expect(tell(aWarning('disposing', 3), { type: 'lower', evidence: ' ' })).toBe('WRN_EVIDENCE');
  });

  it('goes one step at a time, the last of them to monitoring after seven days', () => {
    const decision = decide(aWarning('disposing', 3), commands.lower, context('street', { seen: calm }));
    expect(decision).toMatchObject({
      fact: { type: 'lowered', from: 3, level: 2 },
      after: { level: 2, peak: 3 },
    });
    const cool = (hours: number) => ({ coolSince: NOW - hours * HOUR });
    expect(tell(aWarning('disposing', 1), commands.monitor, cool(167))).toBe('WRN_HYSTERESIS');
    expect(tell(aWarning('disposing', 1), commands.monitor, cool(168))).toBe('monitoring');
  });
});

describe('what another body took over', () => {
  it('is monitored when it says so, however short ago that was', () => {
    const coolSince = null;
    expect(tell(aWarning('external', 3), commands.monitor, { coolSince })).toBe('monitoring');
    expect(tell(aWarning('external', 3), { type: 'monitor', evidence: '' }, { coolSince })).toBe(
      'WRN_EVIDENCE',
    );
  });

  it('has its reference', () => {
    const blank = { ...commands['hand-over'], reference: ' ' } as const;
    expect(tell(aWarning('confirmed'), blank)).toBe('WRN_REF_MISSING');
  });
});

describe('a plan', () => {
  it.each<[string, Partial<typeof commands.plan>]>([
    ['measures', { measures: [] as never }],
    ['people', { people: [' '] as never }],
    ['a time to come', { due: NOW }],
  ])('has %s', (_what, lacking) => {
    expect(tell(aWarning('confirmed'), { ...commands.plan, ...lacking })).toBe('WRN_PLAN_EMPTY');
  });
});

describe('visits', () => {
  const monitored = (days: number, over: Partial<Warning> = {}) =>
    aWarning('monitoring', 1, { monitoredAt: NOW - days * DAY, ...over });

  it.each<[days: number, visits: number, answer: string]>([
    [6, 0, 'WRN_VISITS_DUE'],
    [7, 0, 'visited'],
    [14, 1, 'WRN_VISITS_DUE'],
    [15, 1, 'visited'],
    [29, 2, 'WRN_VISITS_DUE'],
    [30, 2, 'visited'],
    [40, 3, 'WRN_VISITS_DUE'],
  ])('after %i days, with %i made: %s', (days, visits, answer) => {
    expect(tell(monitored(days, { visits }), commands.visit)).toBe(answer);
  });

  it('open with the calendar day, whatever the hour', () => {
    const late = Date.parse('2026-11-16T23:50:00+08:00');
    expect(tell(aWarning('monitoring', 1, { monitoredAt: late }), commands.visit)).toBe('visited');
  });

  it('are four when it ever was red', () => {
    const red = { peak: 3 as const, visits: 3 };
    expect(tell(monitored(89, red), commands.visit)).toBe('WRN_VISITS_DUE');
    expect(tell(monitored(90, red), commands.visit)).toBe('visited');
    expect(tell(monitored(95, red), commands.close)).toBe('WRN_VISITS_DUE');
    expect(tell(monitored(95, { peak: 3, visits: 4 }), commands.close)).toBe('closed');
  });

  it('come before the end', () => {
    expect(tell(monitored(31, { visits: 2 }), commands.close)).toBe('WRN_VISITS_DUE');
    expect(tell(monitored(31, { visits: 3 }), commands.close)).toBe('closed');
  });
});

describe('an outcome', () => {
  const averted: Closing = {
    outcome: 'averted',
    happenedAt: NOW - DAY,
    panel: ['Li', 'Wang', 'Zhao'],
    evidence: [
      { source: 'sensor', text: 'gas at 20 % of the limit' },
      { source: 'police', text: 'threat on the phone' },
    ],
  };
  const close = (over: Partial<Closing>) =>
    refusalOf(
      decide(
        aWarning('monitoring', 1, { visits: 3 }),
        { type: 'close', ...averted, ...over },
        context('street'),
      ),
    );
  const pointers = (over: Partial<Closing>) => close(over)?.flaws?.map(({ pointer }) => pointer);

  it('is averted by three persons, two independent pieces of evidence and a dated action', () => {
    expect(close({})).toBeNull();
    expect(close({ panel: ['Li', 'Wang'] })).toMatchObject({ code: 'WRN_OUTCOME', kind: 'invalid' });
    expect(pointers({ panel: ['Li', 'Wang', ' Li '] })).toEqual(['/panel']);
    expect(pointers({ evidence: averted.evidence.slice(1) })).toEqual(['/evidence']);
    expect(pointers({ evidence: averted.evidence.map((one) => ({ ...one, source: 'police' })) })).toEqual([
      '/evidence',
    ]);
    expect(pointers({ happenedAt: null })).toEqual(['/happenedAt']);
    expect(pointers({ happenedAt: NOW - 200 * DAY })).toEqual(['/happenedAt']);
  });

  it('is an event with its time, not in the future; the others have none', () => {
    expect(pointers({ outcome: 'event', happenedAt: null })).toEqual(['/happenedAt']);
    expect(pointers({ outcome: 'event', happenedAt: NOW + 1 })).toEqual(['/happenedAt']);
    expect(close({ outcome: 'event', panel: [], evidence: [], happenedAt: NOW - 200 * DAY })).toBeNull();
    expect(pointers({ outcome: 'resolved' })).toEqual(['/happenedAt']);
    expect(close({ outcome: 'resolved', happenedAt: null })).toBeNull();
  });
});

describe('reopening', () => {
  const closed = (days: number) => aWarning('closed', 2, { closedAt: NOW - days * DAY, outcome: 'resolved' });

  it('is possible for thirty days, at the old colour', () => {
    expect(tell(closed(30), commands.reopen)).toBe('reopened');
    expect(tell(closed(30.1), commands.reopen)).toBe('WRN_REOPEN_WINDOW');
    const decision = decide(closed(3), commands.reopen, context('system'));
    expect(decision).toMatchObject({
      fact: { cause: 'signal' },
      after: { status: 'disposing', level: 2, outcome: null, closedAt: null, monitoredAt: null, visits: 0 },
    });
  });
});

describe('merging', () => {
  const into = (over: Partial<Warning> | null) =>
    tell(aWarning('disposing'), commands.merge, {
      other: over && aWarning('issued', 1, { id: 'w-2', ...over }),
    });

  it('goes into another open warning', () => {
    expect([into({}), into(null), into({ id: 'w-1' })]).toEqual(['merged', 'WRN_MERGE', 'WRN_MERGE']);
    expect([into({ status: 'closed' }), into({ status: 'merged' })]).toEqual(['WRN_MERGE', 'WRN_MERGE']);
  });

  it('of the same kind: an exercise and what is real never become one', () => {
    expect(into({ exercise: true })).toBe('WRN_MERGE');
    const exercise = aWarning('disposing', 1, { exercise: true });
    const real = aWarning('issued', 1, { id: 'w-2' });
    expect(tell(exercise, commands.merge, { other: real })).toBe('WRN_MERGE');
    expect(tell(exercise, commands.merge, { other: { ...real, exercise: true } })).toBe('merged');
  });

  it('of the same scope, unless the cause is the same', () => {
    const other = aWarning('issued', 1, { id: 'w-2', scope: { kind: 'building', name: '7' } });
    expect(tell(aWarning('disposing'), commands.merge, { other })).toBe('WRN_MERGE');
    const cause = { ...commands.merge, because: 'cause' } as const;
    expect(tell(aWarning('disposing'), cause, { other })).toBe('merged');
  });
});

describe('expiring', () => {
  const quiet = (warning: Warning, days: number) =>
    answerTo(
      warning,
      commands.expire,
      context('system', { seen: { ...calm, newestSignalAt: NOW - days * DAY } }),
    );

  it('takes fourteen days without a signal', () => {
    expect(quiet(aWarning('issued'), 13.9)).toBe('WRN_NOT_STALE');
    expect(quiet(aWarning('issued'), 14)).toBe('expired');
    expect(quiet(aWarning('candidate', 3), 14)).toBe('expired');
    expect(quiet(aWarning('issued', 2), 14)).toBe('WRN_NOT_STALE');
  });
});
