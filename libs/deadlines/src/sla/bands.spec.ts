import { describe, expect, it } from '@jest/globals';
import { HOUR } from '@linli/kernel';
import * as fc from 'fast-check';
import { at } from '../calendar/published.fixture.js';
import type { Deadline } from '../ledger/deadline.js';
import { amended, armed, calendar, days, hours } from '../ledger/ledger.fixture.js';
import { bandAt } from './bands.js';
import { remainingAt } from './remaining.js';

const bandOn = (deadline: Deadline, when: string): string => bandAt(deadline, at(when));
const leftOn = (deadline: Deadline, when: string) => {
  const { share, amount } = remainingAt(deadline, calendar, at(when));
  return [Number(share.toFixed(4)), Number(amount.toFixed(2))];
};

describe('the band of a deadline', () => {
  it('goes by working time, not by the time that passes', () => {
    // From Friday afternoon, seven working hours a day: half is spent on Monday at 14:30, all on Tuesday at 10:00.
    const deadline = armed({ budget: hours(10, 'working'), from: at('2026-03-06 16:00') });
    expect(deadline.due).toBe(at('2026-03-10 10:00'));
    expect(bandOn(deadline, '2026-03-08 20:00')).toBe('rest');
    expect(leftOn(deadline, '2026-03-08 20:00')).toEqual([0.8, 8]);
    expect(bandOn(deadline, '2026-03-09 12:00')).toBe('rest');
    expect(leftOn(deadline, '2026-03-09 12:00')).toEqual([0.5, 5]);
    expect(bandOn(deadline, '2026-03-09 14:01')).toBe('under50');
    expect(bandOn(deadline, '2026-03-09 17:00')).toBe('under25');
    expect(leftOn(deadline, '2026-03-09 17:00')).toEqual([0.2, 2]);
    expect(bandOn(deadline, '2026-03-10 09:01')).toBe('under10');
    expect(bandOn(deadline, '2026-03-10 10:00')).toBe('under10');
    expect(bandOn(deadline, '2026-03-10 10:01')).toBe('overdue');
    expect(leftOn(deadline, '2026-03-10 15:00')).toEqual([-0.3, -3]);
  });

  it('of whole days is under 10 % and not overdue between the budget spent and the day granted to its end', () => {
    const deadline = armed({ budget: days(3, 'calendar'), from: at('2026-03-02 08:00') });
    expect(deadline.due).toBe(at('2026-03-06 00:00'));
    expect(bandOn(deadline, '2026-03-05 23:59')).toBe('under10');
    expect(bandOn(deadline, '2026-03-06 00:01')).toBe('overdue');
  });

  it('stands where the clock stands still, and goes on from there', () => {
    const deadline = armed({ budget: hours(10), from: at('2026-03-02 08:00') });
    const still = amended(deadline, { kind: 'pause' }, '2026-03-02 14:00').deadline;
    expect(bandOn(still, '2026-03-09 08:00')).toBe('under50');
    expect(leftOn(still, '2026-03-09 08:00')).toEqual([0.4, 4]);
    const again = amended(still, { kind: 'resume' }, '2026-03-09 08:00').deadline;
    expect(bandOn(again, '2026-03-09 09:00')).toBe('under50');
    expect(bandOn(again, '2026-03-09 10:00')).toBe('under25');
  });

  it('counts an extension as budget', () => {
    const deadline = armed({ budget: hours(10), from: at('2026-03-02 08:00') });
    const longer = amended(deadline, { kind: 'extend', more: hours(10) }, '2026-03-02 17:30').deadline;
    expect(bandOn(deadline, '2026-03-02 17:30')).toBe('under10');
    expect(bandOn(longer, '2026-03-02 17:30')).toBe('rest');
    expect(leftOn(longer, '2026-03-02 17:30')).toEqual([0.525, 10.5]);
  });

  it('agrees with what is left, whatever the basis, the pauses and the time', () => {
    const budgets = fc.constantFrom(hours(7), hours(30, 'working'), days(5), days(4, 'calendar'));
    const edges = [
      [0.1, 'under10'],
      [0.25, 'under25'],
      [0.5, 'under50'],
    ] as const;
    fc.assert(
      fc.property(
        budgets,
        fc.nat(200),
        fc.nat(60),
        fc.nat(50),
        fc.nat(400),
        (budget, start, pause, length, when) => {
          const from = at('2026-09-21 08:00') + start * HOUR;
          const plain = armed({ budget, from });
          const deadline =
            pause > 0 && from + pause * HOUR < (plain.due ?? 0)
              ? amended(
                  plain,
                  { kind: 'pause', from: from + pause * HOUR, until: from + (pause + length + 1) * HOUR },
                  from,
                ).deadline
              : plain;
          const now = from + (when * HOUR) / 2;
          const { share } = remainingAt(deadline, calendar, now);
          fc.pre(edges.every(([edge]) => Math.abs(share - edge) > 1e-6));
          const late = (deadline.due ?? Infinity) < now;
          const expected = late ? 'overdue' : (edges.find(([edge]) => share < edge)?.[1] ?? 'rest');
          expect(bandAt(deadline, now)).toBe(expected);
          expect(late ? share <= 0 : share >= 0).toBe(true);
        },
      ),
    );
  });
});
