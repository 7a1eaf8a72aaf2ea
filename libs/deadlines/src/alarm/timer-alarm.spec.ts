import { describe, expect, it } from '@jest/globals';
import { systemTimers, type Timers } from '@linli/kernel';
import { alarmConformance } from '../conformance/alarm.conformance.js';
import { uuid } from '../ledger/ledger.fixture.js';
import { timerAlarm } from './timer-alarm.js';

alarmConformance('timers', async () => timerAlarm());

describe('the alarm of timers', () => {
  it('sets nothing further ahead than an hour: a timer for 25 days would go off at once', () => {
    const asked: number[] = [];
    const timers: Timers = {
      ...systemTimers,
      after: (ms) => (asked.push(ms), () => undefined),
    };
    const time = { deadlineId: uuid(1), version: 1, round: 0, rung: 0 };
    timerAlarm(timers).set([
      { ...time, inMs: 25 * 86_400_000 },
      { ...time, rung: 1, inMs: 3_600_001 },
      { ...time, rung: 2, inMs: 3_600_000 },
    ]);
    expect(asked).toEqual([3_600_000]);
  });
});
