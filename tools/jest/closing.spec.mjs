import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closing } from './closing.mjs';

let root;
const put = (path, content = '') => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};
const tally = (path, passed, failed = 0, skipped = 0) =>
  put(path, JSON.stringify({ passed, failed, skipped, suites: 0 }));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'linli-closing-'));
  put('libs/a/package.json', '{}');
  put('libs/a/src/one.spec.ts');
  put('apps/b/package.json', '{}');
  put('apps/b/src/deep/two.int.spec.ts');
});
afterEach(() => rmSync(root, { recursive: true }));

describe('the closing line', () => {
  it('sums what every tier of every project left', () => {
    tally('libs/a/.tally/unit.json', 3);
    tally('apps/b/.tally/int.json', 4);

    expect(closing(root)).toEqual({ line: '7 passed, 0 failed', ok: true, faults: [] });
  });

  it('is red when a test failed', () => {
    tally('libs/a/.tally/unit.json', 3, 2);
    tally('apps/b/.tally/int.json', 4);

    expect(closing(root)).toMatchObject({ line: '7 passed, 2 failed', ok: false });
  });

  it('is red when a tier with spec files left no count', () => {
    tally('libs/a/.tally/unit.json', 3);

    expect(closing(root)).toEqual({
      line: '3 passed, 1 failed',
      ok: false,
      faults: ['apps/b has int specs and no test of them ran'],
    });
  });

  it('is red when a tier with spec files counted nothing', () => {
    tally('libs/a/.tally/unit.json', 3);
    tally('apps/b/.tally/int.json', 0);

    expect(closing(root)).toMatchObject({ line: '3 passed, 1 failed', ok: false });
  });

  it('is red when a step without tests is red', () => {
    tally('libs/a/.tally/unit.json', 3);
    tally('apps/b/.tally/int.json', 4);

    expect(closing(root, { redSteps: ['lint'] })).toEqual({
      line: '7 passed, 1 failed',
      ok: false,
      faults: ['lint is red'],
    });
  });

  it('names what was skipped, and is red about it where nothing may be skipped', () => {
    tally('libs/a/.tally/unit.json', 3);
    tally('apps/b/.tally/int.json', 1, 0, 3);

    expect(closing(root)).toMatchObject({ line: '4 passed, 0 failed, 3 skipped', ok: true });
    expect(closing(root, { nothingSkipped: true })).toEqual({
      line: '4 passed, 1 failed, 3 skipped',
      ok: false,
      faults: ['apps/b skipped 3 int tests'],
    });
  });
});
