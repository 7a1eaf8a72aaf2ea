import { endProcess, spawnService, type Service } from '@linli/store';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** One server process that can be hurt by its id (kill -9, SIGSTOP) and started again as it was. */
export interface StackServer {
  pid(): number;
  /** Ends what is left of it, politely if it still listens, and starts it again on the same ports and data. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface Command {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Resolves when the server does its work; rejects while it does not. */
  readonly check: () => Promise<unknown>;
  readonly readyWithinMs: number;
}

const POLITELY = [
  { signal: 'SIGTERM', graceMs: 10_000 },
  { signal: 'SIGKILL', graceMs: 5_000 },
] as const;

/** What `start` makes lives in a temporary folder, which goes when it stops or when it does not start. */
export const inTemporaryDir = async <T extends { stop(): Promise<void> }>(
  name: string,
  start: (dir: string) => Promise<T>,
): Promise<T> => {
  const dir = mkdtempSync(join(tmpdir(), `linli-${name}-`));
  // Root serves PostgreSQL as another user, who must pass through.
  chmodSync(dir, 0o755);
  const remove = (): void => rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
  try {
    const started = await start(dir);
    const stop = async (): Promise<void> => {
      await started.stop();
      remove();
    };
    return { ...started, stop };
  } catch (error) {
    remove();
    throw error;
  }
};

const tail = (path: string): string => readFileSync(path, 'utf8').trim().slice(-2000);

const untilReady = async (command: Command, service: Service): Promise<void> => {
  let ended: string | undefined;
  void service.exited.then((how) => (ended = how));
  for (const end = Date.now() + command.readyWithinMs; ; await delay(50)) {
    if (ended !== undefined) throw new Error(`${command.name} ended (${ended}):\n${tail(command.logFile)}`);
    try {
      await command.check();
      return;
    } catch (cause) {
      if (Date.now() > end)
        throw new Error(
          `${command.name} was not ready within ${command.readyWithinMs / 1000} s:\n${tail(command.logFile)}`,
          { cause },
        );
    }
  }
};

const launch = async (command: Command): Promise<Service> => {
  const log = openSync(command.logFile, 'a');
  const service = await spawnService(command.command, command.args, {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...command.env },
  }).finally(() => closeSync(log));
  try {
    await untilReady(command, service);
    return service;
  } catch (error) {
    await endProcess(service.pid, POLITELY);
    throw error;
  }
};

export const startServer = async (command: Command): Promise<StackServer> => {
  let service = await launch(command);
  const stop = async (): Promise<void> => {
    await endProcess(service.pid, POLITELY);
  };
  return {
    pid: () => service.pid,
    stop,
    restart: async () => {
      await stop();
      service = await launch(command);
    },
  };
};

/** All or none: when one does not start, the others are stopped before the error goes on. */
export const allOrNone = async <T extends { stop(): Promise<void> }>(
  starting: readonly Promise<T>[],
): Promise<T[]> => {
  const results = await Promise.allSettled(starting);
  const failed = results.find((result) => result.status === 'rejected');
  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (!failed) return started;
  await Promise.all(started.map((one) => one.stop()));
  throw failed.reason;
};
