import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '@linli/service';
import { runProgram } from '../program.js';
import { recordingTerminal } from '../testing/recording-terminal.js';
import { examineClock } from './clock.js';
import { right, unknown, unreachable, wrong, type Finding } from './finding.js';
import { examineSecrets } from './keys.js';

const diagnose = async (findings: readonly Finding[], ...more: string[]) => {
  const terminal = recordingTerminal();
  const code = await runProgram(['doctor', ...more], {
    terminal,
    startSystem: () => Promise.reject(new Error('no system in this test')),
    recompute: () => Promise.resolve([]),
    async *examine() {
      yield* findings;
    },
  });
  return { code, out: terminal.outLines };
};

describe('linli doctor', () => {
  it('says what is right, and ends well', async () => {
    expect(await diagnose([right('redis', 'answers'), unknown('clock', 'not seen from here')])).toEqual({
      code: 0,
      out: [
        '✓ redis     answers',
        '? clock     not seen from here',
        'all is right that can be seen from here',
      ],
    });
  });

  it('says what is wrong and how to mend it', async () => {
    expect(await diagnose([wrong('database', 'fsync is off', 'turn it on')])).toEqual({
      code: 1,
      out: ['✗ database  fsync is off', '            mend: turn it on', '1 of 1 are wrong'],
    });
  });

  it('tells what does not answer from what is wrong', async () => {
    const away = unreachable('broker', new Error('connect ECONNREFUSED'), 'is it running?');
    const { code, out } = await diagnose([away, wrong('redis', 'a', 'b')], '--json');
    expect(code).toBe(3);
    expect(JSON.parse(out[0] ?? '')).toMatchObject({
      ok: false,
      findings: [{ area: 'broker', state: 'unreachable', what: 'does not answer: connect ECONNREFUSED' }, {}],
    });
  });
});

describe('the clock', () => {
  const clockAt = (ours: readonly number[], theirs: number) => {
    const times = [...ours];
    return examineClock(
      { query: async () => ({ rows: [{ ms: String(theirs) }] }) } as never,
      () => times.shift() ?? 0,
    );
  };

  it('is right within half a second, allowing for the way of the question', async () => {
    expect(await clockAt([1000, 1010], 1500)).toMatchObject({ state: 'right' });
    expect(await clockAt([1000, 1200], 1650)).toMatchObject({ state: 'right' });
  });

  it('is wrong from half a second on, ahead or behind', async () => {
    expect(await clockAt([1000, 1000], 1500)).toMatchObject({
      state: 'wrong',
      what: "the database's clock is 500 ms ahead of ours (± 0 ms)",
    });
    expect(await clockAt([1000, 1000], 400)).toMatchObject({ state: 'wrong' });
  });
});

describe('the secrets', () => {
  const services = ['risk', 'gateway'];

  it('that are chosen are right', () => {
    const chosen = { LINLI_API_KEY: 'a key of sixteen characters', LINLI_SECRET: 's'.repeat(40) };
    expect(examineSecrets(readConfig(chosen, services)).map(({ state }) => state)).toEqual([
      'right',
      'right',
    ]);
  });

  it('that were generated are right in a file of their owner, and wrong where others can read them', () => {
    const dir = mkdtempSync(join(tmpdir(), 'linli-cli-'));
    try {
      const config = readConfig({ LINLI_DATA_DIR: dir }, services);
      expect(examineSecrets(config).map(({ state }) => state)).toEqual(['unknown', 'unknown']);
      for (const name of ['api-key', 'secret']) writeFileSync(join(dir, name), 'x', { mode: 0o600 });
      expect(examineSecrets(config).map(({ state }) => state)).toEqual(['right', 'right']);
      chmodSync(join(dir, 'secret'), 0o644);
      expect(examineSecrets(config)[1]).toMatchObject({
        state: 'wrong',
        mend: `chmod 600 ${join(dir, 'secret')}`,
      });
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('that the database keeps are wrong', () => {
    const shared = readConfig(
      { DATABASE_URL: 'postgres://x@y/z', LINLI_API_KEY: 'a key of sixteen characters' },
      services,
    );
    expect(examineSecrets(shared)[1]).toMatchObject({ state: 'wrong' });
  });
});
