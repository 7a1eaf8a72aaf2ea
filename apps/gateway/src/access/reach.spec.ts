import { covers } from '@linli/contracts';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { within } from './reach.js';

const prefix = fc.string({ unit: fc.constantFrom('1', '2'), minLength: 1, maxLength: 4 });
const areas = fc.option(fc.array(prefix, { minLength: 1, maxLength: 3 }));
const code = fc.string({ unit: fc.constantFrom('1', '2'), minLength: 6, maxLength: 6 });

describe('a reach', () => {
  it.each([
    [['330106'], ['33'], true],
    [['33'], ['330106'], false],
    [['330106', '44'], ['33'], false],
    [null, ['33'], false],
    [['33'], null, true],
    [null, null, true],
  ])('%j within %j is %j', (inner, outer, expected) => {
    expect(within(inner, outer)).toBe(expected);
  });

  it('within another one never covers what that one does not', () => {
    fc.assert(
      fc.property(areas, areas, code, (inner, outer, place) => {
        fc.pre(within(inner, outer) && covers({ areas: inner }, place));
        expect(covers({ areas: outer }, place)).toBe(true);
      }),
    );
  });
});
