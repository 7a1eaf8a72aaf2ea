import { describe, expect, it } from '@jest/globals';
import { hostileIn, isStorable, pointerOf, textOf, unstorableIn } from './json.js';

const nested = (depth: number): unknown => JSON.parse('{"a":'.repeat(depth) + '1' + '}'.repeat(depth));

describe('a parsed value', () => {
  it('may be nested 20 deep, not 21', () => {
    expect(hostileIn(nested(20))).toBeNull();
    expect(hostileIn(nested(21))).toMatchObject({ code: 'TOO_DEEP', pointer: '/a' });
  });

  it('may say __proto__ in a text, not as a key', () => {
    expect(hostileIn({ a: '__proto__' })).toBeNull();
    expect(hostileIn(JSON.parse('{"a":[{"__proto__":1}]}'))).toMatchObject({
      code: 'KEY_FORBIDDEN',
      pointer: '/a',
    });
  });

  it('is storable without U+0000 and half characters, in keys too', () => {
    expect(unstorableIn({ a: ['千里', '😀'] })).toBeNull();
    expect(unstorableIn({ a: ['ok', 'x\0'] })).toMatchObject({ pointer: '/a/1' });
    expect(unstorableIn({ 'b\ud800': 1 })).toMatchObject({ code: 'TEXT_INVALID' });
    expect([isStorable('😀'), isStorable('\udc00'), isStorable('\ud83d')]).toEqual([true, false, false]);
  });

  it('is read of large bytes as of small ones, without a byte order mark', () => {
    const text = `${'千里😀\u00e9x'.repeat(3000)}\n`;
    expect(textOf(Buffer.from(text))).toBe(text);
    expect(textOf(Buffer.from(`\ufeff${text}`))).toBe(text);
    expect(textOf(Buffer.from('x'.repeat(20_000)))).toBe('x'.repeat(20_000));
    expect(() => textOf(Buffer.concat([Buffer.from(text), Buffer.from([0xc3, 0x28])]))).toThrow('not UTF-8');
  });

  it('is pointed at as RFC 6901 says', () => {
    expect(pointerOf(['a/b', 'm~n', 0])).toBe('/a~1b/m~0n/0');
    expect(pointerOf([])).toBe('');
  });
});
