import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';

const file = new URL('./failpoint.js', import.meta.url).href;
const script = `
  const { failpoint } = await import(${JSON.stringify(file)});
  for (let n = 1; n <= 3; n += 1) { failpoint('after-commit'); console.log(String(n)); failpoint('after-stamp'); }`;

const run = (armed?: string) => {
  const env = { ...process.env, ...(armed && { LINLI_FAILPOINT: armed }) };
  const { signal, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env,
    encoding: 'utf8',
  });
  return { signal, lines: stdout.split('\n').filter(Boolean), stderr };
};

describe('a failpoint', () => {
  it('does nothing when none is armed', () => {
    expect(run()).toMatchObject({ signal: null, lines: ['1', '2', '3'] });
  });

  it('kills the process at its nth hit', () => {
    expect(run('after-commit:3:kill')).toMatchObject({ signal: 'SIGKILL', lines: ['1', '2'] });
    expect(run('after-commit')).toMatchObject({ signal: 'SIGKILL', lines: [] });
  });

  it('throws, when told to', () => {
    const { lines, stderr } = run('after-stamp:2:throw');
    expect(lines).toEqual(['1', '2']);
    expect(stderr).toContain('failpoint after-stamp');
  });
});
