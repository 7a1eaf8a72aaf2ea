import { readConfig } from '@linli/service';
import { BOOTSTRAP_KEY, findStack, linliEnvironment, temporaryDir } from '@linli/testing';
import type { PlatformOptions } from '../platform.js';
import { serviceNames, startLinli } from '../start-linli.js';
import { Client } from './client.js';

export type Mode = 'embedded' | 'real';
export const modes: readonly Mode[] = ['embedded', 'real'];

/** The environment of a system in a mode, and what it stands on. */
export interface Ground {
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Null when the real stack cannot be had here (never in CI, where that is an error). */
export const groundOf = async (mode: Mode): Promise<Ground | null> => {
  const folder = temporaryDir('journey');
  const environment = { ...linliEnvironment, LINLI_DATA_DIR: folder.path };
  if (mode === 'embedded') return { environment, stop: () => Promise.resolve(folder.remove()) };
  const stack = await findStack();
  if (stack === null) return null;
  const { kafkaBrokers, databaseUrl, redisUrl } = stack;
  return {
    environment: {
      ...environment,
      KAFKA_BROKERS: kafkaBrokers,
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
    },
    stop: async () => {
      await stack.stop();
      folder.remove();
    },
  };
};

export interface System {
  readonly client: Client;
  stop(): Promise<void>;
}

/** The whole system in this process, as `npm start` would run it; null when its mode cannot be had here. */
export const startSystem = async (mode: Mode, options: PlatformOptions = {}): Promise<System | null> => {
  const ground = await groundOf(mode);
  if (ground === null) return null;
  const linli = await startLinli(readConfig(ground.environment, serviceNames), options);
  return {
    client: new Client(linli.url ?? '', BOOTSTRAP_KEY),
    stop: async () => {
      await linli.stop();
      await ground.stop();
    },
  };
};
