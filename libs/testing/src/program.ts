import { spawnService, type Service } from '@linli/store';

/** A Node program as a process of its own, to be stopped, frozen and killed. It ends when we do, however we end. */
export interface Program<Url = string> {
  readonly pid: number;
  readonly url: Url;
  /** How it ended, in words: `signal SIGKILL`, `exit code 0`. */
  readonly ended: Promise<string>;
  hasEnded(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** What it has said; of a long talk, the end. */
  output(): string;
}

export interface ProgramOptions<Url> {
  /** Arguments of Node: flags, then the file. */
  readonly args: readonly string[];
  /** All that it finds in its environment besides PATH. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where it answers, read in what it has said; undefined as long as it is not ready. */
  readonly urlIn: (said: string) => Url | undefined;
  /** Hears all that it says. */
  readonly hear?: ((text: string) => void) | undefined;
}

/** It ended, or was ended, before it said that it is ready. */
export class NotReady extends Error {
  override readonly name = 'NotReady';

  constructor(
    /** As `Program.ended` says it. */
    readonly how: string,
    said: string,
  ) {
    super(`ended (${how}) before it was ready:\n${said}`);
  }
}

const READY_WITHIN_MS = 120_000;
const KEPT = 100_000;

/** What a program says, and the address with which it reports ready. */
const listenTo = <Url>(
  { child, exited }: Service,
  { urlIn, hear }: Pick<ProgramOptions<Url>, 'urlIn' | 'hear'>,
): { output: () => string; url: Promise<Url> } => {
  let said = '';
  const url = new Promise<Url>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new NotReady(`killed after ${READY_WITHIN_MS} ms`, said));
      child.kill('SIGKILL');
    }, READY_WITHIN_MS);
    const onText = (text: string): void => {
      hear?.(text);
      said = (said + text).slice(-KEPT);
      const found = urlIn(said);
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout?.setEncoding('utf8').on('data', onText);
    child.stderr?.setEncoding('utf8').on('data', onText);
    const endsEarly = (how: string): void => {
      clearTimeout(timer);
      reject(new NotReady(how, said));
    };
    void exited.then(endsEarly);
  });
  return { output: () => said, url };
};

/** Starts it, and waits until it says that it is ready. */
export const startProgram = async <Url>(options: ProgramOptions<Url>): Promise<Program<Url>> => {
  const service = await spawnService(process.execPath, options.args, {
    env: { PATH: process.env['PATH'] ?? '', ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    lastSignal: 'KILL',
  });
  const { child, pid, exited } = service;
  let over = false;
  void exited.then(() => (over = true));
  const { output, url } = listenTo(service, options);
  return {
    ...{ pid, url: await url, ended: exited, output },
    hasEnded: () => over,
    kill: (signal) => void child.kill(signal),
  };
};
