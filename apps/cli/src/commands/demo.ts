import { runDemo } from '../demo/run-demo.js';
import { UsageMistake, type ExitCode } from '../exit-code.js';
import type { StartSystem } from '../system.js';
import type { Terminal } from '../terminal.js';

export interface DemoCommandOptions {
  readonly exit?: boolean;
  readonly url?: string;
  readonly key?: string;
  readonly port?: number;
}

const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGINT', () => resolve()).once('SIGTERM', () => resolve());
  });

/** `linli demo`. */
export const demo = async (
  start: StartSystem,
  { exit, url, key, port }: DemoCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> => {
  if ((url === undefined) !== (key === undefined)) throw new UsageMistake('--url and --key go together');
  const given = url !== undefined && key !== undefined ? { url, key } : { start, port: port ?? 0 };
  const { code } = await runDemo({
    exit: exit ?? false,
    out: (line) => terminal.out(line),
    colour: terminal.colour,
    ended: interrupted(),
    ...given,
  });
  return code;
};
