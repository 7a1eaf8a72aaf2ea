import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A part of the system as a process of its own, to be killed. */
export interface Spawned {
  /** Where the public API answers, for a process that runs the gateway. */
  readonly url: string | null;
  kill(signal: NodeJS.Signals): void;
  /** Signal or exit code with which it ended. */
  readonly ended: Promise<NodeJS.Signals | number | null>;
  output(): string;
}

const main = fileURLToPath(new URL('../main.js', import.meta.url));

const ready = (child: ChildProcess, output: () => string): Promise<string | null> =>
  new Promise((resolve, reject) => {
    child.stdout?.on('data', () => {
      if (!/Linli is ready/u.test(output())) return;
      const url = /^API\s+(http\S+)\/v1/mu.exec(output())?.[1];
      if (url !== undefined || !/gateway/u.test(/Linli is ready.*/u.exec(output())?.[0] ?? ''))
        resolve(url ?? null);
    });
    child.once('exit', () => reject(new Error(`ended before it was ready:\n${output()}`)));
  });

/** Starts `npm start`'s process with this environment and waits until it is ready. */
export const spawnLinli = async (environment: Readonly<Record<string, string>>): Promise<Spawned> => {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text += part));
  const ended = once(child, 'exit').then(
    ([code, signal]) => (signal ?? code) as NodeJS.Signals | number | null,
  );
  const url = await ready(child, () => text);
  return { url, kill: (signal) => void child.kill(signal), ended, output: () => text };
};
