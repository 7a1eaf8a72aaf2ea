import type { Config } from '@linli/service';
import { Redis } from 'ioredis';
import { right, unknown, unreachable, wrong, type Finding } from './finding.js';

const ANSWER_MS = 3000;

const setting = async (redis: Redis, name: string): Promise<string | null> => {
  const answer = (await redis.config('GET', name)) as string[];
  return answer[1] ?? null;
};

const judged = async (redis: Redis, name: string, wanted: string, otherwise: string): Promise<Finding> => {
  const found = await setting(redis, name).catch(() => null);
  if (found === null)
    return unknown('redis', `${name} cannot be read (CONFIG is not allowed)`, `see that it is ${wanted}`);
  return found === wanted
    ? right('redis', `${name} is ${found}`)
    : wrong('redis', `${name} is ${found}: ${otherwise}`, `CONFIG SET ${name} ${wanted}, and in redis.conf`);
};

/** Redis holds no truth: away, it costs speed. Evicting or forgetting, it costs alarms until the sweepers see it. */
export const examineRedis = async ({ redisUrl }: Config): Promise<Finding[]> => {
  if (redisUrl === null) return [right('redis', 'none: wake-ups stay in the process')];
  const redis = new Redis(redisUrl, {
    ...{ lazyConnect: true, connectTimeout: ANSWER_MS, commandTimeout: ANSWER_MS },
    ...{ maxRetriesPerRequest: 0, retryStrategy: () => null },
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    await redis.ping();
    return [
      right('redis', 'answers'),
      await judged(redis, 'maxmemory-policy', 'noeviction', 'it may throw away what waits'),
      await judged(redis, 'appendonly', 'yes', 'it forgets everything when it restarts'),
    ];
  } catch (error) {
    return [
      unreachable('redis', error, 'is Redis running at REDIS_URL? The system works without it, more slowly'),
    ];
  } finally {
    redis.disconnect();
  }
};
