import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const home = fileURLToPath(new URL('..', import.meta.url));
const cache = fileURLToPath(new URL('../../../node_modules/.cache', import.meta.url));

/** What is missing on this machine, and what to do about it. */
export class StackUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StackUnavailable';
  }
}

const requireCommand = async (command: string, args: readonly string[], advice: string): Promise<void> => {
  try {
    await run(command, [...args]);
  } catch (cause) {
    throw new StackUnavailable(`${command} does not run here: ${advice}`, { cause });
  }
};

export const requireJava = (): Promise<void> =>
  requireCommand('java', ['-version'], 'install a Java runtime (17 or later), or set KAFKA_BROKERS.');

const maven = async (project: string, goal: string): Promise<void> => {
  await requireCommand('mvn', ['-v'], 'install Maven, which fetches the servers once, or set their URLs.');
  const args = ['-q', '-B', `dependency:${goal}`, `-DoutputDirectory=${join(project, 'lib')}`];
  try {
    await run('mvn', [...args, '-DincludeScope=runtime'], { cwd: project, maxBuffer: 10_000_000 });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    throw new StackUnavailable(`Maven could not fetch the servers:\n${(stdout + stderr).slice(0, 2000)}`, {
      cause,
    });
  }
};

/**
 * The dependencies of `<name>/pom.xml`, fetched once for each version of that file. Fetched beside its place and moved
 * there whole: two that come at once do not see each other's halves.
 */
export const dependenciesOf = async (
  name: 'kafka' | 'redis',
  goal: 'copy-dependencies' | 'unpack-dependencies',
): Promise<string> => {
  const pom = join(home, name, 'pom.xml');
  const key = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const place = join(cache, `linli-${name}`, key);
  if (existsSync(place)) return join(place, 'lib');
  const draft = `${place}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  try {
    // A copy, because Maven leaves its marks beside the file.
    copyFileSync(pom, join(draft, 'pom.xml'));
    await maven(draft, goal);
    if (!existsSync(place)) renameSync(draft, place);
    return join(place, 'lib');
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
};
