import type { Database, Transaction } from '@linli/store';
import type { BusStore, Counts } from '../bus-store.js';
import { postgresDeadLetters } from './dead-letters.js';
import { postgresJournal } from './journal.js';
import { postgresOperate } from './operate.js';
import { postgresOutcomes } from './outcomes.js';
import { postgresParking } from './parking.js';
import { postgresProgress } from './progress.js';

const counts = async (tx: Transaction): Promise<Counts> => {
  const [row] = await tx.query<Counts>(
    `select (select count(*) from fact_new) as "unstamped",
       (select coalesce(sum(last_seq - published_seq), 0)::bigint from stream) as "unpublished",
       (select min(at) from (
          select at from fact_new
          union all
          select journal.at from stream join journal on journal.topic = stream.topic
            and journal.part = stream.part and journal.seq = stream.published_seq + 1
          where stream.last_seq > stream.published_seq) as unsent) as "unsentSince",
       (select count(*) from dead_letter where state = 'open') as "deadLetters",
       (select count(*) from parked_key) as "parkedKeys"`,
  );
  return row ?? { unstamped: 0, unpublished: 0, unsentSince: null, deadLetters: 0, parkedKeys: 0 };
};

/** The bus's tables in a service's schema (see `busMigrations`). */
export const postgresBusStore = (database: Database): BusStore<Transaction> => ({
  transaction: (pool, work) => database.transaction(pool, work),
  statement: (pool, work) => work(database.connection(pool)),
  reader: (pool) => database.connection(pool),
  progress: postgresProgress,
  outcomes: postgresOutcomes,
  parking: postgresParking,
  deadLetters: postgresDeadLetters,
  journal: postgresJournal,
  operate: postgresOperate,
  counts,
});
