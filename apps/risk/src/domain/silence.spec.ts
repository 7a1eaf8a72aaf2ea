import { describe, expect, it } from '@jest/globals';
import { DAY, HOUR } from '@linli/kernel';
import { isReminderDue, reminderOf, silenceFlaws, stateOf } from './silence.js';

const from = Date.parse('2026-11-23T12:00:00+08:00');
const pointers = (over: object) =>
  silenceFlaws({ from, until: from + DAY, remindAt: null, ...over }).map(({ pointer }) => pointer);

describe('a silence', () => {
  it('ends in the future, within thirty days, and reminds before it ends', () => {
    expect(pointers({})).toEqual([]);
    expect(pointers({ until: from })).toEqual(['/until']);
    expect(pointers({ until: from + 30 * DAY })).toEqual([]);
    expect(pointers({ until: from + 30 * DAY + 1 })).toEqual(['/until']);
    expect(pointers({ remindAt: from + 2 * DAY })).toEqual(['/remindAt']);
    expect(pointers({ remindAt: from })).toEqual(['/remindAt']);
    expect(pointers({ remindAt: from + HOUR })).toEqual([]);
  });

  it('reminds a day before its end, a short one half-way', () => {
    expect(reminderOf({ from, until: from + 10 * DAY, remindAt: null })).toBe(from + 9 * DAY);
    expect(reminderOf({ from, until: from + 8 * HOUR, remindAt: null })).toBe(from + 4 * HOUR);
    expect(reminderOf({ from, until: from + 8 * HOUR, remindAt: from + HOUR })).toBe(from + HOUR);
  });

  it('is over by itself, or ended by somebody', () => {
    const silence = { until: from + DAY, remindAt: from + HOUR, endedAt: null };
    expect([from, from + DAY - 1, from + DAY].map((now) => stateOf(silence, now))).toEqual([
      'holds',
      'holds',
      'over',
    ]);
    expect(stateOf({ ...silence, endedAt: from + 1 }, from + 2)).toBe('ended');
    expect([from, from + HOUR, from + DAY].map((now) => isReminderDue(silence, now))).toEqual([
      false,
      true,
      false,
    ]);
  });
});
