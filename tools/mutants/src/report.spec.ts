import { describe, expect, it } from '@jest/globals';
import type { Mutant } from './mutant.js';
import { page } from './report.js';

const mutant = (name: string): Mutant => ({ name, without: `guard of ${name}`, patches: [], checks: [] });
const all = ['a', 'b', 'c'].map(mutant);

const verdict = (name: string, caught: string | null) => ({ mutant: mutant(name), caught });

describe('the page of mutants', () => {
  it('names what caught each, and who survived', () => {
    const text = page(all, [verdict('a', '“x | y”'), verdict('b', null)], '');
    expect(text).toContain('2 of 3 mutants run: 1 caught, 1 survived.');
    expect(text).toContain('| a | guard of a | “x \\| y” |');
    expect(text).toContain('| b | guard of b | **survived** |');
  });

  it('keeps what an earlier run said of those that were not run now', () => {
    const earlier = page(all, [verdict('a', 'seed 1'), verdict('b', null)], '');
    const text = page(all, [verdict('b', 'seed 2'), verdict('c', 'seed 3')], earlier);
    expect(text).toContain('3 of 3 mutants run: 3 caught, 0 survived.');
    expect(text).toContain('| a | guard of a | seed 1 |');
  });
});
