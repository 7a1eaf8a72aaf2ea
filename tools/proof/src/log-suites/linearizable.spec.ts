import { describe, expect, it } from '@jest/globals';
import { isLinearizable, versioned, type Call, type VersionedOp } from './linearizable.js';

const read = (version: number): VersionedOp => ({ kind: 'read', version });
const changed = (ifMatch: number, version = ifMatch + 1): VersionedOp => ({
  kind: 'changed',
  ifMatch,
  version,
});
const stale = (ifMatch: number): VersionedOp => ({ kind: 'stale', ifMatch });
const unknown = (ifMatch: number): VersionedOp => ({ kind: 'unknown', ifMatch });
const call = (start: number, end: number, op: VersionedOp): Call<VersionedOp> => ({ start, end, op });
const judge = (...history: Call<VersionedOp>[]): boolean => isLinearizable(history, versioned(1));

describe('histories of one versioned resource', () => {
  it('are accepted when one change follows the other', () => {
    expect(judge()).toBe(true);
    expect(
      judge(call(0, 1, changed(1)), call(2, 3, read(2)), call(4, 5, changed(2)), call(6, 7, stale(2))),
    ).toBe(true);
  });

  it('are accepted when an order within the overlap explains them', () => {
    expect(judge(call(0, 10, changed(1)), call(1, 3, read(1)), call(4, 6, read(2)))).toBe(true);
    expect(judge(call(0, 10, changed(2)), call(0, 10, changed(1)), call(0, 10, stale(1)))).toBe(true);
  });

  it.each([
    ['two changes of the same version (a lost update)', [call(0, 5, changed(1)), call(0, 5, changed(1))]],
    ['a read that does not see an answered change', [call(0, 1, changed(1)), call(2, 3, read(1))]],
    ['a read of the future', [call(0, 1, read(2)), call(2, 3, changed(1))]],
    ['reads that go back', [call(0, 10, changed(1)), call(1, 2, read(2)), call(3, 4, read(1))]],
    ['a refusal as stale of the version that is there', [call(0, 1, stale(1))]],
    ['a change that skips a version', [call(0, 1, changed(1, 3))]],
    ['a change against the order of time', [call(0, 1, changed(2)), call(2, 3, changed(1))]],
  ])('are rejected for %s', (_, history) => {
    expect(judge(...history)).toBe(false);
  });

  it('may or may not hold a call without an answer, at any time after it began', () => {
    expect(judge(call(0, Infinity, unknown(1)), call(1, 2, read(1)), call(3, 4, read(2)))).toBe(true);
    expect(judge(call(0, Infinity, unknown(1)), call(1, 2, read(1)))).toBe(true);
    expect(judge(call(5, Infinity, unknown(1)), call(1, 2, read(2)))).toBe(false);
  });

  it('are judged quickly when sixty calls overlap, and refused beyond', () => {
    const overlapping = Array.from({ length: 60 }, (_, n) => call(n, n + 6, n % 2 ? stale(99) : read(1)));
    expect(judge(...overlapping)).toBe(true);
    expect(() => judge(...overlapping, call(0, 1, read(1)))).toThrow('61 calls');
  });
});
