import { endProcess, spawnService } from '@linli/store';
import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export const KEY = 'bench-bootstrap-key-0001';
export const SECRET = 'bench-secret-of-more-than-thirty-two-characters';
const READY_WITHIN_MS = 60_000;

/** The program that `npm start` runs. */
const main = join(dirname(createRequire(import.meta.url).resolve('@linli/all-in-one')), 'main.js');

export interface LinliProcess {
  readonly pid: number;
  /** Public API, of a process with the gateway. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface LinliOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** Writes a CPU profile of the process here when it ends. */
  readonly profile?: { readonly dir: string; readonly name: string } | undefined;
}

const ready = (child: ChildProcess, output: () => string): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready in time:\n${output()}`)), READY_WITHIN_MS);
    child.stdout?.on('data', () => {
      const said = output();
      if (!/Linli is ready.*\n/u.test(said) || (/ready.*gateway/u.test(said) && !/^API.*\n/mu.test(said)))
        return;
      clearTimeout(timer);
      resolve();
    });
    child.once('exit', () => {
      clearTimeout(timer);
      reject(new Error(`Linli ended before it was ready:\n${output()}`));
    });
  });

const common = {
  LINLI_PORT: '0',
  LINLI_HOST: '127.0.0.1',
  LINLI_API_KEY: KEY,
  LINLI_SECRET: SECRET,
  LINLI_LOG_LEVEL: 'warn',
};

/** Starts `npm start`'s process as its users do, and waits until it says that it is ready. */
export const startLinliProcess = async ({ environment, profile }: LinliOptions): Promise<LinliProcess> => {
  const flags = profile
    ? ['--cpu-prof', `--cpu-prof-dir=${profile.dir}`, `--cpu-prof-name=${profile.name}.cpuprofile`]
    : [];
  const { child, exited } = await spawnService(process.execPath, [...flags, main], {
    env: { PATH: process.env['PATH'] ?? '', ...common, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const keep = (part: string): void => void (text = (text + part).slice(-20_000));
  child.stdout?.setEncoding('utf8').on('data', keep);
  child.stderr?.setEncoding('utf8').on('data', keep);
  await ready(child, () => text);
  const pid = child.pid ?? 0;
  return {
    pid,
    url: /^API\s+(http\S+)\/v1/mu.exec(text)?.[1] ?? '',
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`Linli ended by itself:\n${text.slice(-3000)}`);
      }
      await endProcess(pid, [
        { signal: 'SIGTERM', graceMs: 20_000 },
        { signal: 'SIGKILL', graceMs: 2_000 },
      ]);
      await exited;
    },
  };
};
