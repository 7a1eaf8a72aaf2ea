import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const guard = new URL('./loop-guard.js', import.meta.url).href;

const run = async (work: string): Promise<{ end: number | string; said: string }> => {
  const program = `import { guardLoop } from '${guard}'; const stop = guardLoop(1000); ${work}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
  let said = '';
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return { end: signal ?? code ?? -1, said };
};

describe('the guard of the event loop', () => {
  it('ends a process whose loop stands still, and says so', async () => {
    const { end, said } = await run('setTimeout(() => { for (;;); }, 50);');
    expect(end).toBe('SIGKILL');
    expect(said).toContain('the event loop stands still for 1 s');
  });

  it('lets a process live that works in pieces, and end when it is done', async () => {
    const busy = 'const until = Date.now() + 200; while (Date.now() < until);';
    const { end, said } = await run(
      `for (let n = 0; n < 8; n += 1) await new Promise(setImmediate), (() => { ${busy} })();`,
    );
    expect({ end, said }).toEqual({ end: 0, said: '' });
  });

  it('does not keep a process alive, and can be ended', async () => {
    expect(await run('')).toEqual({ end: 0, said: '' });
    expect(await run('await stop(); const until = Date.now() + 1500; while (Date.now() < until);')).toEqual({
      end: 0,
      said: '',
    });
  });
});
