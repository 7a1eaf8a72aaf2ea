import { StackUnavailable, startStack } from '@linli/stack';
import { startContainers } from './containers.js';
import type { TestStack } from './stack-urls.js';

const fromEnvironment = (env: NodeJS.ProcessEnv): TestStack | null => {
  const { KAFKA_BROKERS: kafkaBrokers, DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = env;
  if (!kafkaBrokers || !databaseUrl || !redisUrl) return null;
  return { source: 'environment', kafkaBrokers, databaseUrl, redisUrl, stop: () => Promise.resolve() };
};

const fromLauncher = async (): Promise<TestStack> => {
  const stack = await startStack();
  const { env } = stack;
  return {
    source: 'launcher',
    kafkaBrokers: env.KAFKA_BROKERS,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    stop: () => stack.stop(),
  };
};

/** What `open` opens; null where no stack can be had, said in one line on stderr, but an error in CI. */
export const unlessUnavailable = async <T>(
  open: () => Promise<T>,
  env: NodeJS.ProcessEnv = process.env,
): Promise<T | null> => {
  try {
    return await open();
  } catch (error) {
    if (env['CI'] || !(error instanceof StackUnavailable)) throw error;
    process.stderr.write(`\n!!! SKIPPED, NO REAL STACK: ${error.message}\n\n`);
    return null;
  }
};

/**
 * The stack to test on: from the environment (`with-stack` sets it for a whole run), else containers, else the launcher.
 * Null where none can be had, so that suites can be skipped; in CI that is an error.
 * In a spec: `const stack = await findStack(); (stack ? describe : describe.skip)(…)`.
 */
export const findStack = (env: NodeJS.ProcessEnv = process.env): Promise<TestStack | null> =>
  unlessUnavailable(
    async () => fromEnvironment(env) ?? (await startContainers()) ?? (await fromLauncher()),
    env,
  );
