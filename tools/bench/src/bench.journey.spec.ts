import { describe, expect, it } from '@jest/globals';
import { findStack } from '@linli/testing';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bench } from './bench.js';
import { readOptions } from './options.js';
import type { Verdict } from './report/targets.js';
import type { Measured } from './rounds.js';

/** The bench starts a stack of its own; whether one can be had here is what `findStack` knows. */
const stack = await findStack();
await stack?.stop();

(stack ? describe : describe.skip)('the bench', () => {
  it('runs, compares and writes what it found', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'linli-bench-'));
    const json = join(dir, 'bench.json');
    const said: string[] = [];
    const args = ['--quick', '--rounds', '1', '--seconds', '0.5', '--warm-up', '0.3', '--only', 'c,a'];
    try {
      await bench(readOptions([...args, '--json', json]), (line) => said.push(line));
      const found = JSON.parse(readFileSync(json, 'utf8')) as { rows: Measured[]; verdicts: Verdict[] };
      expect(found.rows.map(({ id }) => id)).toEqual(['a', 'c']);
      for (const { samples } of found.rows) {
        expect(samples).toHaveLength(1);
        expect(samples[0]?.value).toBeGreaterThan(0);
      }
      expect(found.verdicts.map(({ row, by }) => `${row}/${by}`)).toEqual(['a/c']);
      expect(said.join('\n')).toMatch(/(met|MISSED) +a \/ c/u);
      expect(said.join('\n')).toContain('fsync=on');
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
