import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** True when a process of this id exists. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** The working directory of a process, or null where that cannot be told (no /proc, not ours, gone). */
export const workingDirectoryOf = (pid: number): string | null => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
};

/** Waits until `check` gives something other than undefined; undefined when it did not within `withinMs`. */
export const waitFor = async <T>(
  check: () => T | undefined,
  withinMs: number,
  everyMs = 20,
): Promise<T | undefined> => {
  const end = performance.now() + withinMs;
  for (;;) {
    const found = check();
    if (found !== undefined || performance.now() >= end) return found;
    await delay(everyMs);
  }
};

export const hasEnded = async (pid: number, withinMs: number): Promise<boolean> =>
  (await waitFor(() => (isAlive(pid) ? undefined : true), withinMs)) === true;

const send = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

/** Asks with each signal in turn, more and more firmly, until the process has ended; a frozen one is woken to hear it. */
export const endProcess = async (
  pid: number,
  steps: readonly { readonly signal: NodeJS.Signals; readonly graceMs: number }[],
): Promise<boolean> => {
  for (const { signal, graceMs } of steps) {
    send(pid, signal);
    send(pid, 'SIGCONT');
    if (await hasEnded(pid, graceMs)) return true;
  }
  return false;
};

/**
 * Sends `signal` to `pid` as soon as this process is gone, however it went (kill -9 included): a shell waits on a pipe
 * that the kernel closes with us. Returns the end of that watch.
 */
export const endWithUs = (pid: number, signal: 'INT' | 'TERM' | 'KILL'): (() => void) => {
  const watch = spawn('/bin/sh', ['-c', 'read -r _; kill -s "$0" "$1"', signal, String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  watch.unref();
  (watch.stdin as unknown as { unref(): void }).unref();
  return () => watch.kill('SIGKILL');
};

export interface Service {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Resolves with words about the end; never rejects. */
  readonly exited: Promise<string>;
}

/** Starts a server in a session of its own (a Ctrl-C in our terminal is ours to pass on), ended with us. */
export const spawnService = async (
  command: string,
  args: readonly string[],
  options: SpawnOptions & { readonly lastSignal?: 'INT' | 'TERM' | 'KILL' },
): Promise<Service> => {
  const child = spawn(command, args, { ...options, detached: true });
  await once(child, 'spawn');
  const ended = once(child, 'exit');
  const pid = child.pid as number;
  const release = endWithUs(pid, options.lastSignal ?? 'TERM');
  child.unref();
  const exited = ended.then(([code, signal]) => {
    release();
    return signal === null ? `exit code ${String(code)}` : `signal ${String(signal)}`;
  });
  return { child, pid, exited };
};
