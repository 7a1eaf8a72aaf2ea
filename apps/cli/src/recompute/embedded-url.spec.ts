import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runningUrl } from './embedded-url.js';

describe('the URL of a running embedded database', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'linli-cli-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const serve = (): void => {
    mkdirSync(join(dir, 'elsewhere'));
    writeFileSync(join(dir, 'elsewhere.password'), 'secret');
    writeFileSync(join(dir, 'elsewhere', 'postmaster.pid'), '4711\n/x\n1700000000\n54321\n\n127.0.0.1\n');
    symlinkSync(join(dir, 'elsewhere'), join(dir, 'pgdata'));
  };

  it('is read from the files beside it, also through a link', () => {
    serve();
    expect(runningUrl(dir)).toBe('postgres://linli:secret@127.0.0.1:54321/linli');
  });

  it('is null when there is no database, or it does not run', () => {
    expect(runningUrl(dir)).toBeNull();
    mkdirSync(join(dir, 'pgdata'));
    expect(runningUrl(dir)).toBeNull();
  });
});
