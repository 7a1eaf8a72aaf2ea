import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { LOGIN, openCluster, SUPERUSER, urlOf, type Cluster } from './cluster.js';
import { freePort } from './free-port.js';
import { evictOrphan, own, SHUTDOWN } from './ownership.js';
import { endProcess, type Service } from './process.js';
import { serve } from './server.js';

export interface PostgresOptions {
  /** Folder of the cluster, its password file and its log; made when absent. One process at a time. */
  readonly dir: string;
  /** Loopback port; a free one when absent. */
  readonly port?: number;
  /** `false` turns fsync off: for tests only, `openDatabase` refuses such a server. */
  readonly durable?: boolean;
  /** `false` leaves a server that died dead, for fault tests; otherwise it is started again. */
  readonly revive?: boolean;
  /** Told when the server ended unasked, and how its revival goes. */
  readonly onTrouble?: (message: string) => void;
}

export interface EmbeddedPostgres {
  readonly url: string;
  readonly port: number;
  /** Process id of the server now running. */
  pid(): number;
  /** Fast shutdown: open transactions are rolled back, everything committed is on disk. Idempotent. */
  stop(): Promise<void>;
}

/** The login of the services: no superuser, but makes roles and databases. */
const createLogin = async (cluster: Cluster, admin: Client): Promise<void> => {
  const { rows } = await admin.query('select 1 from pg_database where datname = $1', [LOGIN]);
  if (rows.length > 0) return;
  const role = await admin.query('select 1 from pg_roles where rolname = $1', [LOGIN]);
  if (role.rows.length === 0)
    await admin.query(`create role ${LOGIN} login createrole createdb password '${cluster.password}'`);
  await admin.query(`create database ${LOGIN} owner ${LOGIN}`);
};

class Supervisor implements EmbeddedPostgres {
  #service: Service | null = null;
  #owner: Client | null = null;
  #reviving: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | null = null;

  constructor(
    private readonly cluster: Cluster,
    readonly port: number,
    private readonly options: PostgresOptions,
  ) {}

  get url(): string {
    return urlOf(this.cluster, this.port, LOGIN, LOGIN);
  }

  pid(): number {
    return this.#service?.pid ?? 0;
  }

  async start(): Promise<void> {
    const service = await serve(this.cluster, this.port, this.options.durable ?? true);
    try {
      await createLogin(this.cluster, await this.#own());
    } catch (error) {
      await endProcess(service.pid, SHUTDOWN);
      throw error;
    }
    this.#service = service;
    void service.exited.then((how) => this.#onExit(how));
  }

  async #own(): Promise<Client> {
    const owner = await own(this.cluster, this.port);
    owner.once('end', () => void this.#onDisowned());
    this.#owner = owner;
    return owner;
  }

  /** The session may be ended while the server goes on (an administrator did it); it is opened again. */
  async #onDisowned(): Promise<void> {
    while (this.#service && !this.#stopped) {
      try {
        await this.#own();
        return;
      } catch (error) {
        this.options.onTrouble?.(`The session that owns the cluster is lost: ${String(error)}`);
        await delay(1000, undefined, { ref: false });
      }
    }
  }

  #onExit(how: string): void {
    this.#service = null;
    if (this.#stopped) return;
    this.options.onTrouble?.(`PostgreSQL ended unasked: ${how}`);
    if (this.options.revive ?? true) this.#reviving = this.#revive();
  }

  /** The backends of a killed server take a moment to notice and go; until then a start fails. */
  async #revive(): Promise<void> {
    for (let wait = 100; !this.#stopped; wait = Math.min(wait * 2, 5000)) {
      await delay(wait, undefined, { ref: false });
      if (this.#stopped) return;
      try {
        return await this.start();
      } catch (error) {
        this.options.onTrouble?.(`PostgreSQL does not start again: ${String(error)}`);
      }
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    await this.#reviving;
    const service = this.#service;
    await this.#owner?.end().catch(() => undefined);
    if (service) await endProcess(service.pid, SHUTDOWN);
  }
}

const startOn = async (cluster: Cluster, port: number, options: PostgresOptions): Promise<Supervisor> => {
  const server = new Supervisor(cluster, port, options);
  await server.start();
  return server;
};

/** Starts a PostgreSQL of our own from npm binaries. See `ownership.ts` for what becomes of an orphan. */
export const startPostgres = async (options: PostgresOptions): Promise<EmbeddedPostgres> => {
  const cluster = await openCluster(options.dir, options.durable ?? true);
  await evictOrphan(cluster);
  if (options.port !== undefined) return startOn(cluster, options.port, options);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await startOn(cluster, await freePort(), options);
    } catch (error) {
      // Somebody else may have taken the free port in between.
      if (attempt === 3 || !/address already in use/iu.test(String(error))) throw error;
    }
  }
};

/** Superuser's URL of an embedded server, for tests that look behind the login. */
export const superuserUrl = (url: string): string => {
  const parsed = new URL(url);
  parsed.username = SUPERUSER;
  return parsed.href;
};
