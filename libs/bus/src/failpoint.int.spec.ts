import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { temporaryDir } from '@linli/testing';

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

  it('is one of several, each with a count of its own', () => {
    expect(run('after-stamp:3:kill,after-commit:3:kill')).toMatchObject({
      signal: 'SIGKILL',
      lines: ['1', '2'],
    });
  });

  it('is armed by a file while the process runs', () => {
    const dir = temporaryDir('failpoint');
    const armed = join(dir.path, 'armed');
    expect(run(`@${armed}`)).toMatchObject({ signal: null, lines: ['1', '2', '3'] });
    writeFileSync(armed, 'after-commit:2:kill');
    expect(run(`@${armed}`)).toMatchObject({ signal: 'SIGKILL', lines: ['1'] });
    dir.remove();
  });

  it('can be hit after what was just begun has been sent', () => {
    const late = `
      const { failpointOnceSent } = await import(${JSON.stringify(file)});
      failpointOnceSent('commit-sent');
      await Promise.resolve().then(() => console.log('sent'));
      await new Promise((resolve) => setTimeout(resolve, 5000));
      console.log('answered');`;
    const { signal, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', late], {
      env: { ...process.env, LINLI_FAILPOINT: 'commit-sent' },
      encoding: 'utf8',
    });
    expect({ signal, stdout }).toEqual({ signal: 'SIGKILL', stdout: 'sent\n' });
  });
});
