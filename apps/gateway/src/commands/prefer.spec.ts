import { describe, expect, it } from '@jest/globals';
import { preferenceOf } from './prefer.js';

describe('a preference', () => {
  it.each([
    [undefined, 5000, false, []],
    ['', 5000, false, []],
    ['respond-async', 0, false, ['respond-async']],
    ['wait=3', 3000, false, ['wait=3']],
    ['wait=0', 0, false, ['wait=0']],
    ['wait=600', 10_000, false, ['wait=10']],
    ['Respond-Async, WAIT="2"', 2000, false, ['respond-async', 'wait=2']],
    ['return=minimal; foo="some"', 5000, true, ['return=minimal']],
    ['return=representation, unknown=1', 5000, false, []],
    ['wait=2, wait=9', 2000, false, ['wait=2']],
  ])('%j is to wait %i ms', (header, waitMs, minimal, applied) => {
    expect(preferenceOf(header)).toEqual({ waitMs, minimal, applied });
  });

  it.each(['wait', 'wait=', 'wait=-1', 'wait=1.5', 'wait=soon'])('%j is malformed', (header) => {
    expect(() => preferenceOf(header)).toThrow('GTW_PREFER_INVALID');
  });
});
