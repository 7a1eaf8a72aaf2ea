import type { Database, Transaction } from '@linli/store';
import type { BusStore, Counts } from '../bus-store.js';
import { postgresDeadLetters } from './dead-letters.js';
import { postgresJournal } from './journal.js';
import { postgresOutcomes } from './outcomes.js';
import { postgresParking } from './parking.js';
import { postgresProgress } from './progress.js';

const counts = async (tx: Transaction): Promise<Counts> => {
  const [row] = await tx.query<Counts>(
    `select (select count(*) from fact_new) as "unstamped",
       (select coalesce(sum(last_seq - published_seq), 0)::bigint from stream) as "unpublished",
       (select count(*) from dead_letter) as "deadLetters",
       (select count(*) from parked_key) as "parkedKeys"`,
  );
  return row ?? { unstamped: 0, unpublished: 0, deadLetters: 0, parkedKeys: 0 };
};

/** The bus's tables in a service's schema (see `busMigrations`). */
export const postgresBusStore = (database: Database): BusStore<Transaction> => ({
  transaction: (pool, work) => database.transaction(pool, work),
  reader: (pool) => database.connection(pool),
  progress: postgresProgress,
  outcomes: postgresOutcomes,
  parking: postgresParking,
  deadLetters: postgresDeadLetters,
  journal: postgresJournal,
  counts,
});
