import { describe, expect, it } from '@jest/globals';
import { DAY } from '@linli/kernel';
import type { Level } from './colour.js';
import { decide } from './decide.js';
import { response202601 as policy } from './response.js';
import { expiryAgain, ordersAt, type Reached } from './time-out.js';
import { aWarning, context, NOW } from './warning.fixture.js';

const reached = (clock: Reached['clock'], notice: Reached['notice']): Reached => ({
  clock,
  due: NOW,
  notice,
});

describe('a rung that is reached', () => {
  const verbs = (level: Level, clock: Reached['clock'], notice: Reached['notice']): string[] =>
    ordersAt({ level }, reached(clock, notice)).map(({ type }) => type);

  it.each(['ack', 'verify', 'plan', 'update', 'reassess'] as const)(
    'of %s reminds on the way, and is a miss at the due time: under supervision, and one colour up',
    (clock) => {
      expect(verbs(1, clock, 0)).toEqual([]);
      expect(verbs(1, clock, 1)).toEqual(['supervise', 'escalate']);
      expect(verbs(2, clock, 1)).toEqual(['supervise', 'escalate']);
    },
  );

  it('finds no colour above red, and goes on supervising', () => {
    expect([1, 2, 3].map((notice) => verbs(3, 'ack', notice as 1 | 2 | 3))).toEqual([
      ['supervise'],
      ['supervise'],
      ['supervise'],
    ]);
  });

  it('of visits only reminds; of expiry asks whether it expires', () => {
    expect(verbs(1, 'visits', 0)).toEqual([]);
    expect(verbs(1, 'visits', 1)).toEqual([]);
    expect(verbs(1, 'expiry', 1)).toEqual(['expire']);
  });
});

describe('supervision', () => {
  const supervisedAs = (level: Level, notice: 1 | 2 | 3, before: 0 | 1 | 2 | 3 = 0): unknown => {
    const warning = aWarning('issued', level, { supervision: before });
    const decision = decide(
      warning,
      { type: 'supervise', clock: 'ack', due: NOW, notice },
      context('system'),
    );
    if ('refusal' in decision) throw new Error(decision.refusal.code);
    expect(decision.fact).toMatchObject({ type: 'supervised', clock: 'ack', due: NOW, notice });
    return [(decision.fact as { supervision: number }).supervision, decision.after.supervision];
  };

  it('has the level of the colour, grows with each further notice, and is never taken back', () => {
    expect([1, 2, 3].map((level) => supervisedAs(level as Level, 1))).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect([1, 2, 3].map((notice) => supervisedAs(1, notice as 1 | 2 | 3))).toEqual([
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    expect(supervisedAs(1, 1, 3)).toEqual([1, 3]);
  });
});

describe('expiry', () => {
  const raisedAt = NOW - 20 * DAY;

  it('comes fourteen days after the newest signal, to the millisecond', () => {
    const warning = aWarning('candidate', 2, { raisedAt });
    expect(expiryAgain(warning, NOW - 14 * DAY, policy, NOW)).toBeNull();
    expect(expiryAgain(warning, null, policy, NOW)).toBeNull();
    expect(expiryAgain(warning, NOW - 14 * DAY + 1, policy, NOW)).toEqual({
      ...{ start: 'expiry', budget: { basis: 'wall', amount: 14, unit: 'days' } },
      ...{ from: NOW - 14 * DAY + 1, supervision: 2, policy: '2026-01' },
    });
  });

  it('does not come any more for what was issued above yellow', () => {
    expect(expiryAgain(aWarning('issued', 2, { raisedAt }), null, policy, NOW)).toEqual({ stop: 'expiry' });
    expect(expiryAgain(aWarning('issued', 1, { raisedAt }), null, policy, NOW)).toBeNull();
  });
});
