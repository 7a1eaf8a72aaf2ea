import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runProgram } from './program.js';
import type { Recomputed, RecomputeRequest } from '@linli/risk';
import { FakeLinli } from './testing/fake-linli.js';
import { recordingTerminal } from './testing/recording-terminal.js';

const ID = '0198f3a0-0000-7000-8000-000000000001';

const run = async (argv: readonly string[], recomputed: readonly Recomputed[] = []) => {
  const terminal = recordingTerminal();
  const asked: RecomputeRequest[] = [];
  const code = await runProgram(argv, {
    terminal,
    startSystem: () => Promise.reject(new Error('no system in this test')),
    recompute: (request) => Promise.resolve((asked.push(request), recomputed)),
    examine: () => Promise.reject(new Error('no doctor in this test')) as never,
  });
  return { code, out: terminal.outLines, err: terminal.errLines, asked };
};

describe('linli', () => {
  it.each([
    ['an unknown verb', ['dance']],
    ['an unknown option', ['status', '--key', 'k', '--loud']],
    ['no file', ['events', 'post', '--key', 'k']],
    ['a url that is none', ['status', '--key', 'k', '--url', 'here']],
    ['a port that is none', ['demo', '--port', '70000']],
    ['a url without a key', ['demo', '--url', 'http://localhost:1']],
    ['a file that is not there', ['events', 'post', '/no/such.ndjson', '--key', 'k']],
    ['neither a warning nor all', ['risk', 'recompute']],
    ['both a warning and all', ['risk', 'recompute', '--all', '--warning', ID]],
    ['a warning that is no id', ['risk', 'recompute', '--warning', 'x']],
  ])('calls %s wrong usage', async (_, argv) => {
    const { code, err, out } = await run(argv);
    expect(code).toBe(2);
    expect(err.join('')).not.toBe('');
    expect(out).toEqual([]);
  });

  it.each([
    [['--help']],
    [['demo', '--help']],
    [['events', 'post', '--help']],
    [['risk', 'recompute', '--help']],
  ])('documents its exit codes: %j', async (argv) => {
    const { code, out } = await run(argv);
    expect(code).toBe(0);
    expect(out.join('\n')).toContain(
      'Exit codes: 0 ok · 1 found problems · 2 wrong usage · 3 system not reachable',
    );
  });

  it('says when the system is not reachable', async () => {
    const { code, err } = await run(['status', '--url', 'http://127.0.0.1:1', '--key', 'k']);
    expect(code).toBe(3);
    expect(err.join('')).toContain('http://127.0.0.1:1 is not reachable');
  });
});

describe('linli risk recompute', () => {
  const same = { id: ID, tenant: 'default', stored: 51.7, recomputed: 51.7, equal: true };

  it('prints stored and recomputed, and passes on what was asked', async () => {
    const { code, out, asked } = await run(
      ['risk', 'recompute', '--warning', ID, '--tenant', 'default'],
      [same],
    );
    expect(code).toBe(0);
    expect(out).toEqual([
      '0198f3a0-0000-7000-8000-000000000001  default  stored  51.7  recomputed  51.7  same',
      '1 warnings recomputed, 0 differ',
    ]);
    expect(asked).toEqual([{ warning: ID, tenant: 'default' }]);
  });

  it('fails when a score differs', async () => {
    const { code, out } = await run(
      ['risk', 'recompute', '--all', '--json'],
      [{ ...same, recomputed: 51.8, equal: false }],
    );
    expect(code).toBe(1);
    expect(JSON.parse(out[0] ?? '')).toMatchObject({ warnings: 1, differing: 1 });
  });

  it('fails when there is no such warning', async () => {
    expect((await run(['risk', 'recompute', '--warning', ID])).code).toBe(1);
  });
});

describe('linli against a system', () => {
  let system: FakeLinli;
  let dir: string;
  beforeAll(async () => {
    system = await new FakeLinli().start();
    dir = mkdtempSync(join(tmpdir(), 'linli-cli-'));
  });
  afterAll(async () => {
    rmSync(dir, { recursive: true });
    await system.stop();
  });

  const good = (id: string) =>
    JSON.stringify({
      id,
      source: 's',
      category: 'ENV-01',
      area: '330106003012',
      occurredAt: '2026-11-23T09:00:00+08:00',
    });
  const post = (name: string, lines: readonly string[], ...more: string[]) => {
    const file = join(dir, name);
    writeFileSync(file, lines.join('\n'));
    return run(['events', 'post', file, '--url', system.url, '--key', 'k', ...more]);
  };

  it('posts a file, and posts it again without harm', async () => {
    const lines = Array.from({ length: 501 }, (_, index) => good(`a-${index}`));
    const first = await post('good.ndjson', lines);
    expect([first.code, first.out]).toEqual([0, ['501 events: 501 accepted, 0 quarantined, 0 rejected']]);
    expect(first.err).toEqual([
      '500 lines: 500 accepted, 0 quarantined, 0 rejected',
      '501 lines: 501 accepted, 0 quarantined, 0 rejected',
    ]);
    expect((await post('good.ndjson', lines)).code).toBe(0);
    const { out } = await run(['status', '--url', system.url, '--key', 'k']);
    expect(out).toEqual([
      `${system.url}: ready`,
      'events    501 stored (501 counting now), 501 duplicates, 0 in quarantine',
      'warnings  1 red 红, 1 orange 橙, 1 yellow 黄',
    ]);
  });

  it('names the line and the reason of each rejected item', async () => {
    const { code, out } = await post('bad.ndjson', [good('b-1'), '{"id":', '{"id":"b-3"}']);
    expect(code).toBe(1);
    expect(out).toEqual([
      'line 2  -  LINE_NOT_JSON    The line is not JSON.',
      'line 3  -  RSK_EVENT_INVALID  /source  is wrong',
      '3 events: 1 accepted, 0 quarantined, 2 rejected',
    ]);
  });

  it('prints JSON when asked', async () => {
    const { out } = await post('json.ndjson', [good('c-1')], '--json');
    expect(out).toEqual(['{"lines":1,"accepted":1,"quarantined":0,"rejected":0}']);
  });
});
