import { spawnService } from '@linli/store';
import { appendFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `npm start`'s process, to be hurt by its id. */
export interface Program {
  readonly pid: number;
  /** Where the public API answers; null for one that does not run the gateway. */
  readonly url: string | null;
  /** How it ended, in words: `signal SIGKILL`, `exit code 0`. */
  readonly ended: Promise<string>;
}

const main = fileURLToPath(new URL('main.js', import.meta.resolve('@linli/all-in-one')));
const READY = /Linli is ready after .*: (.*)\./u;

/** The public URL once all that the first line announces has been said. */
const readIn = (text: string): string | null | undefined => {
  const [, services] = READY.exec(text) ?? [];
  if (services === undefined) return undefined;
  const url = /^API\s+(http\S+)\/v1/mu.exec(text)?.[1];
  return services.includes('gateway') ? url : null;
};

/** Starts it and waits until it is ready. What it says is appended to `logFile`; it ends when we do, however we end. */
export const startProgram = async (
  environment: Readonly<Record<string, string>>,
  logFile: string,
): Promise<Program> => {
  const { child, pid, exited } = await spawnService(process.execPath, [main], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    lastSignal: 'KILL',
  });
  let said = '';
  const ready = new Promise<string | null>((resolve, reject) => {
    const onText = (text: string): void => {
      appendFileSync(logFile, text);
      said = `${said}${text}`.slice(-10_000);
      const url = readIn(said);
      if (url !== undefined) resolve(url);
    };
    child.stdout?.setEncoding('utf8').on('data', onText);
    child.stderr?.setEncoding('utf8').on('data', onText);
    void exited.then((how) => reject(new Error(`ended (${how}) before it was ready:\n${said}`)));
  });
  return { pid, url: await ready, ended: exited };
};
