import { endProcess } from '@linli/store';
import { imageFlags, linliEnvironment, startFlags, startLinliProgram } from '@linli/testing';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

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

/** Starts the program as its users do: all in one as `npm start`, or a role of it as the image. */
export const startLinliProcess = async ({ environment, profile }: LinliOptions): Promise<LinliProcess> => {
  const profiling = profile
    ? ['--cpu-prof', `--cpu-prof-dir=${profile.dir}`, `--cpu-prof-name=${profile.name}.cpuprofile`]
    : [];
  const flags = [...('SERVICES' in environment ? imageFlags : startFlags), ...profiling];
  const program = await startLinliProgram({
    ...{ main, flags },
    environment: { ...linliEnvironment, ...environment },
  });
  const { pid, url } = program;
  return {
    pid,
    url: url ?? '',
    stop: async () => {
      if (program.hasEnded()) throw new Error(`Linli ended by itself:\n${program.output().slice(-3000)}`);
      await endProcess(pid, [
        { signal: 'SIGTERM', graceMs: 20_000 },
        { signal: 'SIGKILL', graceMs: 2_000 },
      ]);
      await program.ended;
    },
  };
};
