import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { temporaryDir, type TemporaryDir } from '@linli/testing';
import { suites } from '../suites/all.js';
import { scaled, type Suite } from '../suite.js';
import { page } from './page.js';
import { addResult, type Result } from './results.js';

const suite: Suite = {
  id: 'T1',
  promise: 'It holds.',
  attack: 'a hammer',
  long: { kills: 200, tenants: 40, awayMs: 120_000 },
  scales: ['kills', 'awayMs'],
  run: () => Promise.resolve({}),
};

const result = (over: Partial<Result> = {}): Result => ({
  suite: 'T1',
  date: '2026-11-23T22:00:00Z',
  seed: 7,
  scale: 1,
  seconds: 60,
  verdict: 'held',
  counts: { kills: 1000, slowestRecoveryMs: 900 },
  ...over,
});

describe('the record of runs', () => {
  let dir: TemporaryDir;
  beforeEach(() => {
    dir = temporaryDir('record');
  });
  afterEach(() => dir.remove());

  it('keeps every run, one a line', () => {
    const file = join(dir.path, 'promises.json');
    addResult(file, result());
    expect(addResult(file, result({ seed: 8 })).map(({ seed }) => seed)).toEqual([7, 8]);
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(5);
  });

  it('adds up what held, tells the worst of times, and shows the last run whatever it came to', () => {
    const text = page(
      [suite],
      [
        result(),
        result({ counts: { kills: 234, slowestRecoveryMs: 300 } }),
        result({ seed: 9, verdict: 'void', counts: {} }),
      ],
    );
    expect(text).toContain('- Runs: 3, held 2, broken 0, showed nothing 1.');
    expect(text).toContain('together: 1,234 kills, 900 slowest recovery ms.');
    expect(text).toContain('seed 9, 60 s, **void**');
  });

  it('says of a promise that was not attacked yet that it was not', () => {
    expect(page([suite], [])).toContain('Not run yet.');
  });
});

describe('the scale of a run', () => {
  it('multiplies what counts, down to one, and leaves the rest', () => {
    expect(scaled(suite, 0.5)).toEqual({ kills: 100, tenants: 40, awayMs: 60_000 });
    expect(scaled(suite, 0.001)).toEqual({ kills: 1, tenants: 40, awayMs: 12_000 });
  });

  it('knows only numbers that a suite has', () => {
    for (const { long, scales } of suites)
      expect(Object.keys(long)).toEqual(expect.arrayContaining([...scales]));
  });

  it('has one suite for each promise', () => {
    const ids = suites.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(['T1', 'T2', 'T3', 'T4', 'T6', 'T9', 'T11', 'T17']));
  });
});
