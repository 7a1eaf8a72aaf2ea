import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A program of the bench in a process of its own, which ends with us. */
export interface Companion {
  readonly pid: number;
  /** Its first message: that it is ready, and what it says of itself. */
  readonly greeting: unknown;
  tell(order: unknown): void;
  /** Tells and waits for the answer. */
  ask<T>(order: unknown): Promise<T>;
  end(): Promise<void>;
}

const answerOf = async <T>(child: ChildProcess): Promise<T> => {
  const given = new AbortController();
  const ended = once(child, 'exit', given).then(() => {
    throw new Error(`${child.spawnargs.join(' ').slice(0, 200)} ended`);
  });
  const answered = once(child, 'message', given) as Promise<[T]>;
  try {
    return (await Promise.race([answered, ended]))[0];
  } finally {
    given.abort();
    await Promise.allSettled([answered, ended]);
  }
};

/** Starts `<module>` (beside this file's folder) and waits for its first message. */
export const companion = async (
  module: string,
  options: unknown,
  execArgv: string[] = [],
): Promise<Companion> => {
  const file = fileURLToPath(new URL(`../${module}`, import.meta.url));
  const child = fork(file, [JSON.stringify(options)], {
    execArgv,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const greeting = await answerOf<unknown>(child);
  let asked: Promise<unknown> = Promise.resolve();
  const askNow = <T>(order: unknown): Promise<T> => {
    const answer = answerOf<T>(child);
    child.send(order as string);
    return answer;
  };
  return {
    pid: child.pid ?? 0,
    greeting,
    tell: (order) => void child.send(order as string),
    // One after the other: answers do not say what they answer.
    ask: <T>(order: unknown) => {
      const answer = asked.then(() => askNow<T>(order));
      asked = answer.catch(() => undefined);
      return answer;
    },
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
};
