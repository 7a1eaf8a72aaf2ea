import { describe, expect, it } from '@jest/globals';
import { expectedVersionOf, wishKeyOf } from './preconditions.js';

describe('an Idempotency-Key', () => {
  it.each([
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"8e03978e"', '8e03978e'],
    ['k'.repeat(255), 'k'.repeat(255)],
    ['!', '!'],
  ])('%j is taken', (header, key) => {
    expect(wishKeyOf(header)).toEqual({ key, given: true });
  });

  it.each([['', 'two words', 'k'.repeat(256), '"', 'a"b', '千', ['a', 'b c']]].flat())(
    '%j is refused',
    (header) => {
      expect(() => wishKeyOf(header)).toThrow('GTW_IDEMPOTENCY_KEY_INVALID');
    },
  );

  it('is made when none was sent', () => {
    const made = wishKeyOf(undefined);
    expect(made.given).toBe(false);
    expect(made.key).not.toBe(wishKeyOf(undefined).key);
  });
});

describe('If-Match', () => {
  it.each([
    ['"3"', 3],
    [' "12" ', 12],
    ['*', null],
  ])('%j is version %j', (header, version) => {
    expect(expectedVersionOf(header)).toBe(version);
  });

  it.each(['3', 'W/3', 'w/"3"', '"a"', '"3", "4"', '""', '"-1"'])('%j is malformed', (header) => {
    expect(() => expectedVersionOf(header)).toThrow('GTW_IF_MATCH_INVALID');
  });

  it.each(['W/"3"', ' W/"12" ', 'W/"a"'])('%j never matches: it is weak', (header) => {
    expect(() => expectedVersionOf(header)).toThrow('WRN_STALE');
  });

  it('is required', () => {
    expect(() => expectedVersionOf(undefined)).toThrow('WRN_IF_MATCH_REQUIRED');
  });
});
