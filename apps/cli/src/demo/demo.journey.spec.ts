import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { startEmbedded } from '../system.js';
import { runDemo } from './run-demo.js';

const leftBehind = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('linli-demo-'));

describe('the demonstration on a system of its own', () => {
  it('tells the whole story in about a minute, adds up, and leaves nothing behind', async () => {
    const before = leftBehind();
    const lines: string[] = [];
    const out = (line: string): void => void lines.push(line);
    const { code, summary } = await runDemo({ exit: true, start: startEmbedded, out });
    expect({
      code,
      lines: lines.filter((line) => line.includes('≠') || line.includes('NOT THE SAME')),
    }).toEqual({
      code: 0,
      lines: [],
    });
    expect(summary).toMatchObject({ rejected: 15, quarantined: 66, duplicates: 191 });
    const { red = 0, orange = 0, yellow = 0 } = summary?.warnings ?? {};
    expect(red + (summary?.exercises ?? 0)).toBeGreaterThan(0);
    expect(orange).toBeGreaterThan(0);
    expect(yellow).toBeGreaterThan(orange);
    expect(summary?.acknowledged).toBe(red + orange + yellow);
    expect(summary?.seconds).toBeLessThan(120);
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual(summary);
    expect(leftBehind()).toEqual(before);
  });
});
