import { describe, expect, it } from '@jest/globals';
import { Conditions } from './conditions.js';

describe('conditions', () => {
  it('number their parameters in the order in which they are added', () => {
    const conditions = new Conditions()
      .add('tenant = ?', 'yuhang')
      .addAll('(at, id) > (?::timestamptz, ?)', ['2026-11-24', 7])
      .add('(a = ? or b = ?)', 'x');
    expect(conditions.sql).toBe('tenant = $1 AND (at, id) > ($2::timestamptz, $3) AND (a = $4 or b = $4)');
    expect(conditions.parameters).toEqual(['yuhang', '2026-11-24', 7, 'x']);
  });

  it('leave out what nobody gave', () => {
    const conditions = new Conditions().addIf(undefined, 'a = ?').addIf(null, 'b = ?').addIf(false, 'c = ?');
    expect([conditions.sql, conditions.parameters]).toEqual(['c = $1', [false]]);
  });
});
