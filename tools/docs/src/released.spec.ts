import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { brokenReleases, release } from './released.js';

const rang = { type: 'linli.bell.rang.v1', data: z.object({ times: z.int().describe('How often.') }) };
const opened = { type: 'linli.door.opened.v1', data: z.object({ by: z.string() }) };

describe('a released fact', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'linli-released-'));
    release(folder, [rang]);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('may stay as it is, beside new ones', () => {
    expect(brokenReleases(folder, [rang, opened])).toEqual([]);
  });

  it('may be described in other words', () => {
    const reworded = { ...rang, data: z.object({ times: z.int().describe('Number of strokes.') }) };

    expect(brokenReleases(folder, [reworded])).toEqual([]);
  });

  it.each([
    ['a new field', z.object({ times: z.int(), loud: z.boolean().optional() })],
    ['another type', z.object({ times: z.string() })],
    ['a wider range', z.object({ times: z.number() })],
    ['a field less', z.object({})],
  ])('must not change: %s', (_change, data) => {
    expect(brokenReleases(folder, [{ ...rang, data }])).toEqual([
      'linli.bell.rang.v1 was released and has changed: make the next version a fact of its own',
    ]);
  });

  it('must not go away', () => {
    expect(brokenReleases(folder, [opened])).toEqual(['linli.bell.rang.v1 was released and is gone']);
  });

  it('is never overwritten by a later release', () => {
    const changed = { ...rang, data: z.object({}) };

    expect(release(folder, [changed, opened])).toEqual(['linli.door.opened.v1']);
    expect(readdirSync(folder)).toEqual(['linli.bell.rang.v1.json', 'linli.door.opened.v1.json']);
    expect(brokenReleases(folder, [rang, opened])).toEqual([]);
  });
});
