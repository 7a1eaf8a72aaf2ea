import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { keptSecret } from './kept-secret.js';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'linli-kept-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

describe('a kept secret', () => {
  it('is made once, readable by its owner only, and the same ever after', () => {
    const first = keptSecret(join(dir, 'new/folder'), 'secret');
    const second = keptSecret(join(dir, 'new/folder'), 'secret');
    expect(first.value.length).toBeGreaterThanOrEqual(32);
    expect([first.fresh, second.fresh]).toEqual([true, false]);
    expect(second.value).toBe(first.value);
    const path = join(dir, 'new/folder/secret');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toBe(`${first.value}\n`);
    expect(readdirSync(join(dir, 'new/folder'))).toEqual(['secret']);
  });

  it('of two that start at once is the one that came first', () => {
    const value = keptSecret(dir, 'raced', () => {
      keptSecret(dir, 'raced', () => 'the other one was faster');
      return 'too late';
    });
    expect(value).toEqual({ value: 'the other one was faster', fresh: false });
  });
});
