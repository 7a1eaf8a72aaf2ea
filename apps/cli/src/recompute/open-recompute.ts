import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageMistake } from '../exit-code.js';
import { runningUrl } from './embedded-url.js';
import type { Recompute } from './recompute.js';

interface Opened {
  readonly url: string;
  close(): Promise<void>;
}

/** The embedded database of a data directory: that of the system running on it, or started for the moment. */
const openEmbedded = async (dataDir: string): Promise<Opened> => {
  const dir = join(dataDir, 'postgres');
  if (!existsSync(dir))
    throw new UsageMistake(`there is no database in ${dataDir}; set DATABASE_URL or LINLI_DATA_DIR`);
  const { startPostgres, StoreFault } = await import('@linli/store');
  try {
    const server = await startPostgres({ dir });
    return { url: server.url, close: () => server.stop() };
  } catch (error) {
    const url = error instanceof StoreFault && error.code === 'STORE_DIR_IN_USE' ? runningUrl(dir) : null;
    if (url === null) throw error;
    return { url, close: () => Promise.resolve() };
  }
};

const openDatabase = (): Promise<Opened> => {
  const url = process.env['DATABASE_URL'];
  if (url) return Promise.resolve({ url, close: () => Promise.resolve() });
  return openEmbedded(process.env['LINLI_DATA_DIR'] || '.linli');
};

/** Recomputes in the database that the environment names, as the risk service does. */
export const openRecompute: Recompute = async (request) => {
  const { recompute } = await import('@linli/risk');
  const database = await openDatabase();
  try {
    return await recompute(database.url, request);
  } finally {
    await database.close();
  }
};
