import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { imageFlags, linliUrlIn, startFlags } from './linli-program.js';
import { startProgram } from './program.js';

const urlIn = (said: string): string | undefined => /^ready at (\S+)$/mu.exec(said)?.[1];
const start = (script: string, hear?: (text: string) => void) =>
  startProgram({ args: ['-e', script], environment: { GREETING: 'hello' }, urlIn, hear });

describe('a program', () => {
  it('is there when it says so, and is heard, stopped, and heard to its end', async () => {
    const heard: string[] = [];
    const hear = (text: string): void => void heard.push(text);
    const program = await start(
      `process.once('SIGTERM', () => process.exit(3));
       setInterval(() => undefined, 1000);
       console.error(process.env.GREETING);
       console.log('ready at here');`,
      hear,
    );
    expect(program.url).toBe('here');
    expect(program.hasEnded()).toBe(false);
    program.kill('SIGTERM');
    expect(await program.ended).toBe('exit code 3');
    expect(program.hasEnded()).toBe(true);
    expect(program.output()).toContain('hello');
    expect(heard.join('')).toBe(program.output());
  });

  it('that ends too early shows what it said', async () => {
    await expect(start(`console.error('no port'); process.exitCode = 1;`)).rejects.toMatchObject({
      name: 'NotReady',
      how: 'exit code 1',
      message: 'ended (exit code 1) before it was ready:\nno port\n',
    });
  });
});

describe('Linli', () => {
  const ready = 'Linli is ready after 1.5 s: risk, gateway.\n';

  it('is ready with the gateway when it has told its address', () => {
    expect(linliUrlIn('Linli is ready after 1.5 s: risk, gate')).toBeUndefined();
    expect(linliUrlIn(ready)).toBeUndefined();
    expect(linliUrlIn(`${ready}API    http://127.0.0.1:80`)).toBeUndefined();
    expect(linliUrlIn(`${ready}API    http://127.0.0.1:8080/v1    (description`)).toBe(
      'http://127.0.0.1:8080',
    );
  });

  it('has no public address without the gateway', () => {
    expect(linliUrlIn('{"level":"warn"}\nLinli is ready after 1.5 s: risk.\n')).toBeNull();
  });
});

describe('the flags of Node under test', () => {
  const root = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8');

  it('are those of `npm start`, and of the image', () => {
    const { scripts } = JSON.parse(root('package.json')) as { scripts: Record<string, string> };
    expect(scripts['start']).toBe(`node ${startFlags.join(' ')} apps/all-in-one/dist/main.js`);
    const run = ['node', ...imageFlags, 'apps/all-in-one/dist/main.js'];
    expect(root('Dockerfile')).toContain(`CMD [${run.map((word) => `"${word}"`).join(', ')}]`);
  });
});
