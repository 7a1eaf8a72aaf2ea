import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { StackUnavailable } from './jars.js';
import { startStack, type Stack } from './stack.js';

const run = async (command: readonly string[], env: NodeJS.ProcessEnv): Promise<ChildProcess> => {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  await once(child, 'spawn');
  return child;
};

const endOf = async (child: ChildProcess): Promise<number> => {
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
};

/** Where no stack can be had, the command runs without one and says what it skips; in CI that is a failure. */
const stackOrNone = async (): Promise<Pick<Stack, 'stop'> & { env: NodeJS.ProcessEnv }> => {
  try {
    return await startStack();
  } catch (error) {
    if (process.env['CI'] || !(error instanceof StackUnavailable)) throw error;
    console.error(`!!! NO STACK: ${error.message}`);
    return { env: {}, stop: () => Promise.resolve() };
  }
};

/** A signal to us goes on to the command, whose end is then ours; one that comes before its start prevents it. */
const main = async (command: readonly string[]): Promise<number> => {
  if (command.length === 0) throw new Error('Usage: with-stack <command> [argument…]');
  let child: ChildProcess | undefined;
  let asked: NodeJS.Signals | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      asked = signal;
      child?.kill(signal);
    });
  const stack = await stackOrNone();
  try {
    if (asked) return 128 + constants.signals[asked];
    child = await run(command, stack.env);
    return await endOf(child);
  } finally {
    await stack.stop();
  }
};

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
