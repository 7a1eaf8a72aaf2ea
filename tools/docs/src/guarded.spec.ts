import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { holesIn, knownHoles, unguarded } from './guarded.js';

const at = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const textOf = (file: string): string | null =>
  existsSync(at(file)) ? readFileSync(at(file), 'utf8') : null;

describe('the page of what can go wrong', () => {
  it('has every known hole once, each with tests that exist or with a reason to wait', () => {
    expect(unguarded(holesIn(readFileSync(at('docs/reliability.md'), 'utf8')), knownHoles, textOf)).toEqual(
      [],
    );
  });
});

describe('holding a page against the tests', () => {
  const page = [
    '| | what could happen | what is done | test |',
    '|---|---|---|---|',
    '| A-1 | a | b | `a.spec.ts` "holds" |',
    '| A-2 | a | b | [waits](decisions/what-waits.md) |',
  ].join('\n');
  const file = (name: string) => (name === 'a.spec.ts' ? "it('holds whatever comes'" : null);

  it('reads its rows', () => {
    expect(holesIn(page)).toEqual([
      { id: 'A-1', tests: [{ file: 'a.spec.ts', title: 'holds' }], waits: false },
      { id: 'A-2', tests: [], waits: true },
    ]);
    expect(unguarded(holesIn(page), ['A-1', 'A-2'], file)).toEqual([]);
  });

  it('is red about a hole that is missing, twice, or without a proof', () => {
    expect(unguarded(holesIn(page), ['A-1', 'A-2', 'A-3'], file)).toEqual(['A-3 is missing']);
    expect(unguarded([...holesIn(page), ...holesIn(page)], [], file)).toEqual([
      'A-1 is there twice',
      'A-2 is there twice',
    ]);
    expect(unguarded(holesIn('| B-1 | a | b | trust us |'), [], file)).toEqual([
      'B-1 has neither a test nor a reason to wait',
    ]);
  });

  it('is red about a file or a test that is not there', () => {
    const hole = (proof: string) => holesIn(`| A-1 | a | b | ${proof} |`);
    expect(unguarded(hole('`b.spec.ts` "holds"'), [], file)).toEqual(['A-1: b.spec.ts does not exist']);
    expect(unguarded(hole('`a.spec.ts` "breaks"'), [], file)).toEqual([
      'A-1: a.spec.ts has no test "breaks"',
    ]);
  });
});
