import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { patched, Stale, type Patch } from './mutant.js';
import { mutants } from './mutants.js';

const sourceOf = (file: string): string => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');

describe('a patch', () => {
  const patch: Patch = { file: 'a.ts', text: 'guard();', instead: '' };

  it('takes out what stands once', () => {
    expect(patched('before(); guard(); after();', patch)).toBe('before();  after();');
  });

  it('is stale when its text is gone, or stands twice', () => {
    expect(() => patched('before(); after();', patch)).toThrow(Stale);
    expect(() => patched('guard(); guard();', patch)).toThrow('stands 2 times');
  });
});

describe('the mutants', () => {
  it.each(mutants)('$name still applies', ({ patches }) => {
    const sources = new Map<string, string>();
    for (const patch of patches) {
      const before = sources.get(patch.file) ?? sourceOf(patch.file);
      const after = patched(before, patch);
      expect(after).not.toBe(before);
      sources.set(patch.file, after);
    }
  });

  it('have names of their own, and something that may catch them', () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
    expect(mutants.filter(({ checks }) => checks.length === 0)).toEqual([]);
  });
});
