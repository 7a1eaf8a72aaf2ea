import { describe, expect, it } from '@jest/globals';
import { areasSetting } from './reading.js';
import { openToReaders, rowLevelSecurity } from './row-level-security.js';

describe('the areas of a reader', () => {
  it('are division code prefixes with commas between', () => {
    expect(areasSetting(['330106', '3302'])).toBe('330106,3302');
  });

  it('are a star for everywhere and nothing for nowhere', () => {
    expect(areasSetting(null)).toBe('*');
    expect(areasSetting([])).toBe('');
  });

  it.each(['', '*', '33,44', '33%', ' 33', "33'"])('refuse "%s", which could widen the view', (area) => {
    expect(() => areasSetting(['330106', area])).toThrow(RangeError);
  });
});

describe('row-level security', () => {
  it.each(['warning; drop table x', 'Warning', '"warning"', ''])('refuses the name "%s"', (name) => {
    expect(() => rowLevelSecurity(name, { tenant: 'tenant' })).toThrow(RangeError);
    expect(() => rowLevelSecurity('warning', { tenant: name })).toThrow(RangeError);
    expect(() => rowLevelSecurity('warning', { tenant: 'tenant', area: name })).toThrow(RangeError);
    expect(() => openToReaders(name)).toThrow(RangeError);
  });
});
