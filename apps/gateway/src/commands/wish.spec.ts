import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { commandIdOf, derivedId, registerOf, requestHashOf } from './wish.js';

const part = fc.string({ maxLength: 6 });

describe('a command id', () => {
  it('stays what it is, for ever', () => {
    expect(commandIdOf({ tenant: 'default' }, 'POST /v1/warnings/x/issue', 'key')).toBe(
      'd74b355c-5358-5926-b9d2-33ad6e4f1ad5',
    );
    expect(registerOf({ tenant: 'default' })).toBe('3823274a-7a0f-59e2-ab06-8848a89fb253');
  });

  it('is another for every other tenant, route or key, however they are cut', () => {
    fc.assert(
      fc.property(fc.tuple(part, part, part), fc.tuple(part, part, part), (one, two) => {
        const same = one.every((value, at) => value === two[at]);
        expect(derivedId(...one) === derivedId(...two)).toBe(same);
      }),
    );
    expect(derivedId('ab', 'c', '')).not.toBe(derivedId('a', 'bc', ''));
    expect(derivedId('1:a', '')).not.toBe(derivedId('1:a'));
  });
});

describe('a request hash', () => {
  const route = 'POST /v1/areas';

  it('does not depend on the order of members', () => {
    expect(requestHashOf({ route, data: { a: 1, b: { c: 2, d: 3 } } })).toBe(
      requestHashOf({ route, data: { b: { d: 3, c: 2 }, a: 1 } }),
    );
  });

  it('depends on the route and on every value', () => {
    const hashes = [
      { route, data: { a: 1 } },
      { route, data: { a: '1' } },
      { route, data: {} },
      { route: `${route}/x`, data: { a: 1 } },
    ].map(requestHashOf);
    expect(new Set(hashes).size).toBe(4);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/u);
  });
});
