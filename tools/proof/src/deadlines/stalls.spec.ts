import { describe, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';
import { apart, watchStalls } from './stalls.js';

describe('stalls', () => {
  it('are noted when nothing could run, and only then', async () => {
    const { spans, stop } = watchStalls();
    await delay(150);
    const before = spans.length;
    const from = Date.now();
    while (Date.now() < from + 600);
    await delay(100);
    stop();
    const [stall] = spans.slice(before);
    expect(stall && stall.to - stall.from).toBeGreaterThan(400);
    expect(stall?.to).toBeGreaterThanOrEqual(from + 600);
  });

  it('count once where they overlap what they are counted with', () => {
    const spans = [
      { from: 50, to: 60 },
      { from: 10, to: 30 },
      { from: 20, to: 40 },
      { from: 22, to: 25 },
    ];
    expect(apart(spans)).toEqual([
      { from: 10, to: 40 },
      { from: 50, to: 60 },
    ]);
  });
});
