import { startPostgres as startEmbedded, type PostgresOptions } from '@linli/store';
import { join } from 'node:path';
import { inTemporaryDir, type StackServer } from './server.js';

export interface PostgresStack extends StackServer {
  readonly url: string;
}

type Options = Pick<PostgresOptions, 'durable'>;

const startIn = async (dir: string, options: Options): Promise<PostgresStack> => {
  const place = { ...options, dir: join(dir, 'data'), revive: false };
  let server = await startEmbedded(place);
  return {
    url: server.url,
    pid: () => server.pid(),
    restart: async () => {
      await server.stop();
      server = await startEmbedded({ ...place, port: server.port });
    },
    stop: () => server.stop(),
  };
};

/** The embedded PostgreSQL in a temporary folder; what is killed stays dead until `restart()`. */
export const startPostgres = (options: Options = {}): Promise<PostgresStack> =>
  inTemporaryDir('postgres', (dir) => startIn(dir, options));
