import type { Transaction } from '@linli/store';
import type { Deadline } from '../../ledger/deadline.js';
import type {
  ClockCount,
  DueCount,
  EndedCount,
  PauseCount,
  QueueCount,
  SlaPlace,
  SlaReads,
} from '../sla-reads.js';
import { epoch } from './deadline-row.js';
import * as sla from './sla-statements.js';

/** What operators ask of deadlines in PostgreSQL; counts come from an index alone (`deadline_open`). */
export const postgresSla = (clock: () => string): SlaReads<Transaction> => ({
  async at(tx) {
    const [row] = await tx.query<{ at: number }>(`select ${epoch(clock())} as at`);
    if (!row) throw new Error('the database does not tell the time');
    return Math.floor(row.at);
  },
  queues: (tx, filter, now) => tx.query<QueueCount>(...sla.queues(filter, now)),
  pauses: (tx, filter, now) => tx.query<PauseCount>(...sla.pauses(filter, now)),
  items: (tx, filter, now) => tx.query<Deadline>(...sla.items(filter, now)),
  dueBy: (tx, filter, horizon) => tx.query<DueCount>(...sla.dueBy(filter, horizon)),
  async nth(tx, filter, queue, n) {
    const [row] = await tx.query<SlaPlace>(...sla.nth(filter, queue, n));
    return row ?? null;
  },
  ended: (tx, filter, since) => tx.query<EndedCount>(...sla.ended(filter, since)),
  ofClock: (tx, filter) => tx.query<Deadline>(...sla.ofClock(filter)),
  clocks: (tx, now) => tx.query<ClockCount>(...sla.clocks(now)),
});
