import { runProgram } from '../program.js';
import type { FakeLinli } from './fake-linli.js';
import { recordingTerminal } from './recording-terminal.js';

/** Runs `linli …` against a system that only exists in tests; what it printed, and how it ended. */
export const runOn = async ({ url }: FakeLinli, ...argv: string[]) => {
  const terminal = recordingTerminal();
  const code = await runProgram([...argv, '--url', url, '--key', 'k'], {
    terminal,
    startSystem: () => Promise.reject(new Error('no system in this test')),
    recompute: () => Promise.resolve([]),
    examine: () => Promise.reject(new Error('no doctor in this test')) as never,
  });
  return { code, out: terminal.outLines, err: terminal.errLines, progress: terminal.progressLines };
};
