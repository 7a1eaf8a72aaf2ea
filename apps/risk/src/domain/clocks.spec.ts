import { describe, expect, it } from '@jest/globals';
import { DAY } from '@linli/kernel';
import { turn, type ClockChange, type Clocks, type ClockStep } from './clocks.js';
import type { Level } from './colour.js';
import { decide } from './decide.js';
import type { WarningCommand } from './warning.commands.js';
import { aWarning, calm, commands, context, NOW, type ActorName } from './warning.fixture.js';
import type { Status, Warning } from './warning.js';

const written = (change: ClockChange): string => {
  if ('stop' in change) return `stop ${change.stop}`;
  if ('pause' in change) return `pause ${change.pause}`;
  const { basis, amount, unit } = change.budget;
  return `start ${change.start} ${amount} ${basis} ${unit}`;
};

const changes = (warning: Warning | null, command: WarningCommand, name: ActorName = 'street') => {
  const decision = decide(warning, command, context(name, { seen: calm }));
  if ('refusal' in decision) throw new Error(decision.refusal.code);
  return decision.clocks;
};
const clocks = (warning: Warning | null, command: WarningCommand, name?: ActorName): string[] =>
  changes(warning, command, name).map(written);

describe('the clocks of a warning', () => {
  it.each<[Level, string[]]>([
    [3, ['start ack 10 wall minutes', 'start verify 30 wall minutes', 'start reassess 24 wall hours']],
    [2, ['start ack 30 wall minutes', 'start verify 2 wall hours', 'start reassess 72 wall hours']],
    [1, ['start ack 4 working hours', 'start verify 24 wall hours', 'start reassess 7 wall days']],
  ])('have the budgets of the colour: level %i when it is issued', (level, started) => {
    expect(clocks(aWarning('candidate', level), commands.issue)).toEqual(started);
  });

  it.each<[Level, string, string]>([
    [3, 'start plan 2 wall hours', 'start update 4 wall hours'],
    [2, 'start plan 24 wall hours', 'start update 1 wall days'],
    [1, 'start plan 3 working days', 'start update 3 wall days'],
  ])('have the budgets of the colour: level %i when it is confirmed and planned', (level, plan, update) => {
    expect(clocks(aWarning('acknowledged', level), commands.verify).slice(0, 2)).toEqual([
      'stop verify',
      plan,
    ]);
    expect(clocks(aWarning('confirmed', level), commands.plan)).toEqual(['stop plan', update]);
  });

  it('count from the move, name the policy, and say how high a miss is supervised', () => {
    expect(changes(aWarning('candidate', 2), commands.issue)[0]).toEqual({
      start: 'ack',
      budget: { basis: 'wall', amount: 30, unit: 'minutes' },
      from: NOW,
      supervision: 2,
      policy: '2026-01',
    });
  });

  it('begin anew with the budgets of the higher colour, those that run in the state', () => {
    expect(clocks(aWarning('issued', 1), commands.escalate)).toEqual([
      'start ack 30 wall minutes',
      'start verify 2 wall hours',
      'start reassess 72 wall hours',
    ]);
    expect(clocks(aWarning('acknowledged', 1), commands.evaluate, 'system')).toEqual([
      'start verify 30 wall minutes',
      'start reassess 24 wall hours',
    ]);
    expect(clocks(aWarning('external', 1), commands.evaluate, 'system')).toEqual([]);
  });

  it('begin anew with the budgets of the lower colour', () => {
    expect(clocks(aWarning('disposing', 3), commands.lower)).toEqual([
      'start update 1 wall days',
      'start reassess 72 wall hours',
    ]);
  });

  it.each<[Status, WarningCommand, string[]]>([
    ['issued', commands.acknowledge, ['stop ack', 'stop expiry']],
    ['confirmed', commands['hand-over'], ['pause plan', 'pause update', 'pause reassess']],
    ['disposing', commands.update, ['start update 3 wall days']],
    [
      'disposing',
      { type: 'update', reassessed: true },
      ['start update 3 wall days', 'start reassess 7 wall days'],
    ],
    ['disposing', commands.link, []],
    ['disposing', commands.monitor, ['stop update', 'stop reassess', 'start visits 7 calendar days']],
    [
      'monitoring',
      commands.reopen,
      ['stop visits', 'start update 3 wall days', 'start reassess 7 wall days'],
    ],
    [
      'acknowledged',
      { ...commands.verify, result: 'unclear' },
      ['start verify 24 wall hours', 'start reassess 7 wall days'],
    ],
  ])('in state %s follow %o', (status, command, expected) => {
    expect(clocks(aWarning(status), command)).toEqual(expected);
  });

  it('all stop when it ends', () => {
    const all = ['ack', 'verify', 'plan', 'update', 'reassess', 'visits', 'expiry'].map(
      (name) => `stop ${name}`,
    );
    expect(clocks(aWarning('candidate'), commands.dismiss)).toEqual(all);
    expect(clocks(aWarning('acknowledged'), { ...commands.verify, result: 'false' })).toEqual(all);
    expect(clocks(aWarning('monitoring', 1, { visits: 3 }), commands.close)).toEqual(all);
    expect(clocks(aWarning('disposing'), commands.merge)).toEqual(all);
    expect(clocks(aWarning('issued'), commands.expire, 'system')).toEqual(all);
  });

  it('lead from one visit to the next, all counted from the day the danger was gone', () => {
    const monitoredAt = NOW - 95 * DAY;
    const after = (visits: number, peak: Level) =>
      changes(aWarning('monitoring', 1, { visits, peak, monitoredAt }), commands.visit)[0];
    expect(after(0, 1)).toMatchObject({ start: 'visits', budget: { amount: 15 }, from: monitoredAt });
    expect(after(1, 1)).toMatchObject({ budget: { basis: 'calendar', amount: 30, unit: 'days' } });
    expect(after(2, 1)).toEqual({ stop: 'visits' });
    expect(after(2, 3)).toMatchObject({ budget: { amount: 90 } });
    expect(after(3, 3)).toEqual({ stop: 'visits' });
  });
});

describe('clocks that are turned', () => {
  const start = (name: 'ack' | 'verify'): ClockChange => ({
    ...{ start: name, budget: { basis: 'wall', amount: 10, unit: 'minutes' } as const, from: NOW },
    ...{ supervision: 3, policy: '2026-01' },
  });
  const stepsOf = (steps: readonly ClockStep[]): string[] =>
    steps.map((step) => {
      if ('end' in step) return `end ${step.end} ${step.run}`;
      return 'pause' in step ? `pause ${step.pause} ${step.run}` : `arm ${step.start} ${step.run}`;
    });
  const turned = (before: Clocks, ...asked: ClockChange[]) => {
    const { clocks: after, steps } = turn(before, asked);
    return [after, stepsOf(steps)];
  };

  it('are a deadline of their own each time that they start, and end the one before', () => {
    expect(turned({}, start('ack'), start('verify'), start('ack'))).toEqual([
      { ack: { run: 2, state: 'runs' }, verify: { run: 1, state: 'runs' } },
      ['arm ack 1', 'arm verify 1', 'end ack 1', 'arm ack 2'],
    ]);
  });

  it('stop and stand still only while they run, and never have the number of an earlier run again', () => {
    const over = { ack: { run: 1, state: 'over' } } as const;
    expect(turned({ ack: { run: 1, state: 'runs' } }, { stop: 'ack' })).toEqual([over, ['end ack 1']]);
    expect(turned(over, { stop: 'ack' }, { pause: 'ack' }, { stop: 'plan' })).toEqual([over, []]);
    expect(turned(over, start('ack'), { pause: 'ack' }, { pause: 'ack' })).toEqual([
      { ack: { run: 2, state: 'paused' } },
      ['arm ack 2', 'pause ack 2'],
    ]);
    expect(turned({ ack: { run: 2, state: 'paused' } }, { stop: 'ack' })).toEqual([
      { ack: { run: 2, state: 'over' } },
      ['end ack 2'],
    ]);
  });
});
