import { describe, expect, it } from '@jest/globals';
import { at, shown } from '../calendar/published.fixture.js';
import { armed, days, escalating, hours } from '../ledger/ledger.fixture.js';
import { ladderFaults } from './ladder-faults.js';
import { Ladder } from './ladder.js';

const rungsOf = (...given: Parameters<typeof armed>): string[] =>
  armed(...given).rungs.map(({ name, at: instant }) => `${name} ${shown(instant)}`);

describe('a ladder laid over a deadline', () => {
  it('has its shares of the budget before the due time and the budget again after it', () => {
    expect(rungsOf({ budget: hours(10), from: at('2026-03-02 08:00') })).toEqual([
      'half 2026-03-02 13:00',
      'most 2026-03-02 16:00',
      'due 2026-03-02 18:00',
      'yellow 2026-03-03 04:00',
      'red 2026-03-03 14:00',
    ]);
  });

  it('counts in working time where the deadline does, on both sides of the due time', () => {
    expect(
      rungsOf({ budget: { basis: 'working', amount: 4, unit: 'hours' }, from: at('2026-09-24 16:00') }),
    ).toEqual([
      'half 2026-09-24 18:00',
      'most 2026-09-28 10:12',
      'due 2026-09-28 11:00',
      'yellow 2026-09-28 17:00',
      'red 2026-09-29 12:00',
    ]);
  });

  it('alerts by the day before it was rolled, and is due on the one after', () => {
    const ladder = Ladder.parse({
      clock: 'K_HANDLE',
      rungs: [
        { name: 'half', at: { percent: 50 } },
        { name: 'alert', at: { percent: 100 } },
        { name: 'due', at: 'due' },
        { name: 'shown', at: { past: { basis: 'wall', amount: 30, unit: 'minutes' } } },
      ],
    });
    expect(rungsOf({ budget: days(60, 'calendar'), from: at('2026-02-25 10:00') }, { ladder })).toEqual([
      'half 2026-03-27 24:00',
      'alert 2026-04-26 24:00',
      'due 2026-04-27 24:00',
      'shown 2026-04-28 00:30',
    ]);
  });
});

describe('ladders that can never do what they say', () => {
  const faultsOf = (over: object): string[] =>
    ladderFaults([Ladder.parse({ ...escalating, ...over })], ['K_HANDLE']);
  const due = { name: 'due', at: 'due' };
  const past = (amount: number, basis = 'wall', unit = 'hours') => ({ past: { basis, amount, unit } });

  it('are none when all is well', () => {
    expect(ladderFaults([escalating], ['K_SIGN', 'K_HANDLE'])).toEqual([]);
  });

  it.each([
    ['an unknown clock', { clock: 'K_FOO' }, 'the ladder of K_FOO: there is no such clock (known: K_HANDLE)'],
    [
      'a rung behind the end',
      { until: { percent: 200 } },
      'the ladder of K_HANDLE: yellow lies behind the end: 200 %, the end is 200 %',
    ],
    ['a level beyond the top', { top: 1 }, 'the ladder of K_HANDLE: red escalates to level 2, the top is 1'],
    [
      'no budget',
      { rungs: [{ name: 'at once', at: { percent: 0 } }, due] },
      'the ladder of K_HANDLE: at once has no budget: 0 %',
    ],
    [
      'no due time',
      { rungs: [{ name: 'half', at: { percent: 50 } }] },
      'the ladder of K_HANDLE: it never says that the deadline is due',
    ],
    [
      'another order than that of time',
      { rungs: [{ name: 'late', at: { percent: 80 } }, { name: 'half', at: { percent: 50 } }, due] },
      'the ladder of K_HANDLE: late and half are not in the order of time: 80 %, 50 %',
    ],
    [
      'no order at all',
      { rungs: [due, { name: 'a', at: past(2) }, { name: 'b', at: { percent: 200 } }] },
      'the ladder of K_HANDLE: a and b cannot be ordered: 2 hours (wall) past the due time, 200 %',
    ],
    [
      'two rungs of one name',
      { rungs: [due, { name: 'due', at: past(2) }] },
      'the ladder of K_HANDLE: two rungs are called due',
    ],
  ])('for %s', (_, over, fault) => {
    expect(faultsOf(over)).toContain(fault);
  });

  it('for two of them', () => {
    expect(ladderFaults([escalating, escalating], ['K_HANDLE'])).toEqual(['K_HANDLE has two ladders']);
  });

  it('are not even read with a budget of nothing', () => {
    expect(() => Ladder.parse({ ...escalating, rungs: [due, { name: 'a', at: past(0) }] })).toThrow();
  });
});
