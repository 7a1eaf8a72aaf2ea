import type { Principal } from '@linli/contracts';
import type { MigrationInterface } from 'typeorm';
import type { Transaction } from './transaction.js';

export type MigrationClass = new () => MigrationInterface;

/** The kinds of work, each with a pool of its own, so that none starves another (reliability F-2). */
export type Pool = 'http' | 'consumer' | 'relay';

/** How a pool is used now. */
export interface PoolUse {
  readonly name: Pool;
  readonly max: number;
  readonly idle: number;
  readonly used: number;
  /** Work that waits for a connection. */
  readonly waiting: number;
}

/** One service's database: its schema on the search path, its role, nothing of the others. */
export interface Database {
  readonly schema: string;
  /** One transaction; commits when `work` resolves, rolls back when it rejects. */
  transaction<T>(pool: Pool, work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Single statements outside a transaction. */
  connection(pool: Pool): Transaction;
  /**
   * Reads for a principal: a read-only transaction as the reader role, with row-level security set to the tenant and
   * the areas. Queries scope themselves too; this is the net below.
   */
  readAs<T>(
    principal: Pick<Principal, 'tenant' | 'areas'>,
    work: (tx: Transaction) => Promise<T>,
  ): Promise<T>;
  /** For metrics. */
  pools(): readonly PoolUse[];
  close(): Promise<void>;
}
