import { kafkaLog, logMigrations, postgresLog, type Log } from '@linli/bus';
import type { TopicSpec } from '@linli/contracts';
import { startPostgres, startRedis, type RedisStack } from '@linli/stack';
import { openDatabase, superuserUrl } from '@linli/store';
import { temporaryDir } from '@linli/testing';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import type { Rows } from '../checkers/rows.js';
import { buryMembers } from '../fleet/kafka-members.js';
import { FaultProxy } from '../proxy/fault-proxy.js';
import { startProxiedKafka } from '../proxy/proxied-kafka.js';

/** A Redis that is hurt: the members reach it by the proxy only. */
export interface HurtRedis {
  readonly server: RedisStack;
  readonly proxy: FaultProxy;
  /** Empties it; answers how many alarms it held. */
  flush(): Promise<number>;
}

/** What deadlines stand on. Embedded: a database and nothing else. */
export interface Ground {
  readonly databaseUrl: string;
  /** For strike files and what a failed run leaves. */
  readonly folder: string;
  readonly log: Log;
  /** Null: the log is a table. */
  readonly brokers: readonly string[] | null;
  readonly redis: HurtRedis | null;
  /** The rows themselves, by a connection of our own. */
  readonly rows: Rows;
  /** Frees partitions that killed members of this service still hold. */
  bury(service: string, topic: TopicSpec): Promise<void>;
  stop(): Promise<void>;
}

type Closing = () => Promise<unknown>;

const onDatabase = async (
  url: string,
): Promise<Pick<Ground, 'rows' | 'folder'> & { readonly close: Closing }> => {
  const dir = temporaryDir('proof-deadlines');
  const pool = new Pool({ connectionString: superuserUrl(url), max: 2, options: '-c timezone=UTC' });
  pool.on('error', () => undefined);
  return {
    folder: dir.path,
    rows: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
      (await pool.query(sql, [...parameters])).rows as Row[],
    close: async () => {
      await pool.end();
      dir.remove();
    },
  };
};

const DELAYED = 'bull:*:delayed';

const alarmsIn = async (admin: Redis): Promise<number> => {
  const sets = await admin.keys(DELAYED);
  const sizes = await Promise.all(sets.map((set) => admin.zcard(set)));
  return sizes.reduce((sum, size) => sum + size, 0);
};

const hurtRedis = async (): Promise<HurtRedis & { readonly close: Closing }> => {
  const server = await startRedis();
  const proxy = await FaultProxy.open({ target: { port: Number(new URL(server.url).port) } });
  return {
    ...{ server, proxy },
    async flush() {
      const admin = new Redis(server.url);
      try {
        const held = await alarmsIn(admin);
        await admin.flushall();
        return held;
      } finally {
        admin.disconnect();
      }
    },
    close: () => Promise.all([server.stop(), proxy.close()]),
  };
};

/** Kafka, PostgreSQL and Redis, as in production. */
export const productionGround = async (): Promise<Ground> => {
  const [kafka, postgres, redis] = await Promise.all([startProxiedKafka([]), startPostgres(), hurtRedis()]);
  const brokers = kafka.kafka.url.split(',');
  const { close, ...database } = await onDatabase(postgres.url);
  const log = kafkaLog({ brokers, clientId: 'proof' });
  return {
    ...{ ...database, databaseUrl: postgres.url, log, brokers, redis },
    bury: (service, { name }) => buryMembers(brokers, [`linli.${service}.${name}`]),
    async stop() {
      await Promise.all([log.close(), close()]);
      await Promise.all([kafka.stop(), postgres.stop(), redis.close()]);
    },
  };
};

/** A PostgreSQL that carries the log too, and no Redis. */
export const embeddedGround = async (): Promise<Ground> => {
  const postgres = await startPostgres();
  const { close, ...database } = await onDatabase(postgres.url);
  const tables = await openDatabase({
    ...{ url: postgres.url, schema: 'log', migrations: logMigrations, allowUnsafe: true },
  });
  const log = postgresLog({ database: tables });
  return {
    ...{ ...database, databaseUrl: postgres.url, log, brokers: null, redis: null },
    bury: () => Promise.resolve(),
    async stop() {
      await Promise.all([log.close(), close()]);
      await tables.close();
      await postgres.stop();
    },
  };
};
