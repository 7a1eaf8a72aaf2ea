import { createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { secretsFrom, secretsOf } from './secrets.js';

const master = 'correct horse battery staple, and more';
const secrets = secretsFrom(master);

describe('secrets', () => {
  it('need a master of 32 characters', () => {
    expect(() => secretsFrom('x'.repeat(31))).toThrow('at least 32 characters');
  });

  it('make a MAC that anybody with the master can make again', () => {
    const key = Buffer.from(hkdfSync('sha256', master, 'linli', 'linli/mac/a', 32));
    expect(secrets.mac('a', 'text')).toEqual(createHmac('sha256', key).update('text').digest());
    expect(secrets.mac('a', 'text')).toHaveLength(32);
  });

  it('differ by purpose and by master', () => {
    const macs = [
      secrets.mac('a', 'text'),
      secrets.mac('b', 'text'),
      secretsFrom(`${master}!`).mac('a', 'text'),
    ].map((mac) => mac.toString('hex'));
    expect(new Set(macs).size).toBe(3);
  });

  it('make the same MAC as hex, of any text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 400 }),
      fc.string({ unit: 'binary', minLength: 300, maxLength: 400 }),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('a', 'b'), (some, purpose) => {
        expect(secrets.macHex(purpose, some)).toBe(secrets.mac(purpose, some).toString('hex'));
      }),
    );
    expect(secrets.macHex('a', '千'.repeat(500))).toBe(secrets.mac('a', '千'.repeat(500)).toString('hex'));
  });

  it('hand the keys of chosen purposes on, and of no other', () => {
    const some = secretsOf(structuredClone(secrets.only(['a'])));
    expect(some.macHex('a', 'text')).toBe(secrets.macHex('a', 'text'));
    expect(secrets.open('a', some.seal('a', 'text'))).toBe('text');
    expect(() => some.mac('b', 'text')).toThrow('no key for the purpose b here');
    expect(() => some.seal('b', 'text')).toThrow('no key for the purpose b here');
  });

  it('use every nonce once, also after more seals than are drawn at a time', () => {
    const nonces = Array.from({ length: 1100 }, () => secrets.seal('a', 'text').slice(0, 16));
    expect(new Set(nonces).size).toBe(1100);
  });

  it('seal text so that only the same purpose opens it', () => {
    const sealed = secrets.seal('a', 'a secret of 千 characters');
    expect(sealed).toMatch(/^[\w-]+$/u);
    expect(secrets.open('a', sealed)).toBe('a secret of 千 characters');
    expect(secrets.open('a', secrets.seal('a', ''))).toBe('');
    expect(() => secrets.open('b', sealed)).toThrow();
  });

  it('never seal the same text to the same bytes', () => {
    expect(secrets.seal('a', 'text')).not.toBe(secrets.seal('a', 'text'));
  });

  it('notice every changed or missing byte', () => {
    const bytes = Buffer.from(secrets.seal('a', 'text'), 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => secrets.open('a', changed.toString('base64url'))).toThrow();
      expect(() => secrets.open('a', bytes.subarray(0, at).toString('base64url'))).toThrow();
    }
  });
});
