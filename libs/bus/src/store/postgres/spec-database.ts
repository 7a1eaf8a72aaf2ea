import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, startPostgres, superuserUrl, type Database } from '@linli/store';
import { Client } from 'pg';
import { busMigrations } from './migrations.js';

export interface SpecDatabase {
  readonly database: Database;
  /** The same schema with pools of its own, as another process has it. */
  another(): Promise<Database>;
  /** Cuts the connections of all running transactions of consumers. */
  cut(): Promise<void>;
  close(): Promise<void>;
}

const cutting = `select pg_terminate_backend(pid) from pg_stat_activity
  where application_name like '% consumer' and state <> 'idle'`;

/** A PostgreSQL of its own for one spec file, with the bus's tables. */
export const openSpecDatabase = async (): Promise<SpecDatabase> => {
  const dir = await mkdtemp(join(tmpdir(), 'linli-bus-'));
  const server = await startPostgres({ dir: join(dir, 'data') });
  const open = (): Promise<Database> =>
    openDatabase({ url: server.url, schema: 'bus', migrations: busMigrations });
  const opened: Database[] = [await open()];
  return {
    database: opened[0] as Database,
    async another() {
      const database = await open();
      opened.push(database);
      return database;
    },
    async cut() {
      const admin = new Client({ connectionString: superuserUrl(server.url) });
      await admin.connect();
      await admin.query(cutting);
      await admin.end();
    },
    async close() {
      await Promise.all(opened.map((database) => database.close()));
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
};
