import type { MemoryTransaction } from '@linli/bus';
import { connectionLost, type Session, type SimDatabase } from './database.js';
import type { Machine } from './machine.js';

/** The rows that a statement changes, or locks. */
type Rows = readonly string[];
type Run<T> = (tx: MemoryTransaction) => Promise<T>;

/** A connection as the bus and its handlers hold it. Without a session each statement is by itself. */
export class SimTransaction {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly machine: Machine,
    private readonly database: SimDatabase,
    private readonly session: Session | null,
  ) {}

  /** Those of one session are done in the order sent; after one that failed, none. */
  statement<T>(what: string, rows: Rows, run: Run<T>): Promise<T> {
    if (!this.session) return this.call(what, rows, run);
    const mine = this.last.then(() => this.call(what, rows, run));
    this.last = mine;
    return mine;
  }

  private call<T>(what: string, rows: Rows, run: Run<T>): Promise<T> {
    const { machine, database, session } = this;
    return machine.call(what, async () => {
      if (machine.world.faults.strikes('connection lost')) {
        if (session) database.rollback(session);
        throw connectionLost();
      }
      return session ? database.execute(session, rows, run) : run(database.tables.reader());
    });
  }

  /** Locks those of the rows that nobody else holds, and reads. */
  lockFree<T>(
    what: string,
    rows: Rows,
    run: (tx: MemoryTransaction, free: ReadonlySet<string>) => Promise<T>,
  ): Promise<T> {
    const { database, session } = this;
    return this.statement(what, [], (tx) =>
      run(tx, new Set(session ? database.lockFree(session, rows) : rows)),
    );
  }

  noteParking(): void {
    this.database.everParked = true;
  }

  read<T>(table: string, key: string): Promise<T | undefined> {
    return this.statement(`reads ${table}`, [], async (tx) => tx.get<T>(table, key));
  }

  write(table: string, key: string, row: unknown): Promise<void> {
    return this.statement(`writes ${table}`, [`${table} ${key}`], async (tx) => tx.put(table, key, row));
  }

  /** Adds a row to a table that only grows; rows are numbered in the order added. */
  add(table: string, row: object): Promise<void> {
    return this.statement(`adds to ${table}`, [], async (tx) => {
      const nth = tx.number(table);
      tx.put(table, String(nth), { nth, ...row });
    });
  }
}

/** One transaction: commits when `work` resolves, rolls back when it rejects, and sometimes nobody knows. */
export const inTransaction = async <T>(
  machine: Machine,
  database: SimDatabase,
  work: (tx: SimTransaction) => Promise<T>,
): Promise<T> => {
  const { faults } = machine.world;
  const session = await machine.call('begin', async () => database.begin(machine));
  try {
    const result = await work(new SimTransaction(machine, database, session));
    await machine.call('commit', async () => {
      if (faults.strikes('commit unknown, undone')) throw connectionLost();
      await database.commit(session);
      if (faults.strikes('commit unknown, done')) throw connectionLost();
    });
    return result;
  } catch (error) {
    database.rollback(session);
    throw error;
  }
};
