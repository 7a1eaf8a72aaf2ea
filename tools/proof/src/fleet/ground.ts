import { startPostgres, type KafkaStack, type PostgresStack } from '@linli/stack';
import { linliEnvironment, temporaryDir } from '@linli/testing';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { FaultProxy } from '../proxy/fault-proxy.js';
import { startProxiedKafka } from '../proxy/proxied-kafka.js';

/** What a system under test stands on. */
export interface Ground {
  readonly environment: Readonly<Record<string, string>>;
  /** Null: the log is a table of the database. */
  readonly brokers: string | null;
  /** An embedded server moves to another port when it starts again. */
  databaseUrl(): string;
  stop(): Promise<void>;
}

/** A ground whose servers may be hurt. */
export interface OwnGround extends Ground {
  readonly kafka: KafkaStack;
  /** Further doors of the broker, each with a proxy before it. */
  readonly doors: Readonly<Record<string, FaultProxy>>;
  readonly postgres: PostgresStack;
  /** Before the database, for the processes under test. */
  readonly database: FaultProxy;
}

export interface OwnOptions {
  readonly brokers?: 1 | 3;
  /** Names of doors for classes of clients, in upper case. */
  readonly doors?: readonly string[];
}

/** On a Kafka and a PostgreSQL of its own; the database stands behind a proxy. */
export const ownGround = async ({ brokers = 1, doors: names = [] }: OwnOptions = {}): Promise<OwnGround> => {
  const dir = temporaryDir('proof');
  const [proxied, postgres] = await Promise.all([
    startProxiedKafka(names, { brokers }),
    startPostgres({ durable: true }),
  ]);
  const { kafka, doors } = proxied;
  const direct = new URL(postgres.url);
  const database = await FaultProxy.open({ target: { port: Number(direct.port) } });
  direct.port = String(database.port);
  const servers = { KAFKA_BROKERS: kafka.url, DATABASE_URL: direct.href };
  return {
    environment: { ...linliEnvironment, ...servers, LINLI_DATA_DIR: dir.path },
    brokers: kafka.url,
    databaseUrl: () => postgres.url,
    ...{ kafka, doors, postgres, database },
    stop: async () => {
      await Promise.all([proxied.stop(), postgres.stop(), database.close()]);
      dir.remove();
    },
  };
};

/** What `postmaster.pid` says: process id and port of the server on an embedded data directory. */
export const postmasterOf = (dataDir: string): { readonly pid: number; readonly url: string } => {
  const pgdata = realpathSync(join(dataDir, 'postgres', 'pgdata'));
  const [pid = '', , , port = ''] = readFileSync(join(pgdata, 'postmaster.pid'), 'utf8').split('\n');
  const password = readFileSync(`${pgdata}.password`, 'utf8');
  return { pid: Number(pid), url: `postgres://linli:${password}@127.0.0.1:${port.trim()}/linli` };
};

/** Nothing but a folder: the process brings its own PostgreSQL, which carries the log too. */
export const embeddedGround = (): Ground & { readonly dataDir: string } => {
  const dir = temporaryDir('proof');
  return {
    environment: { ...linliEnvironment, LINLI_DATA_DIR: dir.path },
    brokers: null,
    dataDir: dir.path,
    databaseUrl: () => postmasterOf(dir.path).url,
    stop: () => Promise.resolve(dir.remove()),
  };
};
