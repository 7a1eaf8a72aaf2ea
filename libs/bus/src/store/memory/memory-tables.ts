type Table = Map<string, unknown>;
const gone = Symbol('gone');

/**
 * A transaction over maps: its writes are seen by itself only, until the commit copies them. Handlers in simulations
 * keep their own rows in it too, under table names of their own.
 */
export class MemoryTransaction {
  private readonly written = new Map<string, Table>();

  constructor(private readonly committed: Map<string, Table>) {}

  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller knows what the table holds
  get<Row>(table: string, key: string): Row | undefined {
    const written = this.written.get(table);
    if (written?.has(key)) {
      const row = written.get(key);
      return row === gone ? undefined : (row as Row);
    }
    return this.committed.get(table)?.get(key) as Row | undefined;
  }

  /** Rows of a table, in no promised order. */
  rows<Row>(table: string): Row[] {
    const merged = new Map([...(this.committed.get(table) ?? []), ...(this.written.get(table) ?? [])]);
    return [...merged.values()].filter((row) => row !== gone) as Row[];
  }

  put(table: string, key: string, row: unknown): void {
    this.of(table).set(key, row);
  }

  remove(table: string, key: string): void {
    this.of(table).set(key, gone);
  }

  /** Takes back what `work` wrote when it rejects; the transaction goes on. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const before = new Map([...this.written].map(([name, rows]) => [name, new Map(rows)]));
    try {
      return await work();
    } catch (error) {
      this.written.clear();
      for (const [name, rows] of before) this.written.set(name, rows);
      throw error;
    }
  }

  /** A number that no other call gets, rolled back or not. */
  number(sequence: string): number {
    const numbers = this.committed.get('numbers') ?? new Map<string, unknown>();
    this.committed.set('numbers', numbers);
    const next = ((numbers.get(sequence) as number | undefined) ?? 0) + 1;
    numbers.set(sequence, next);
    return next;
  }

  commit(): void {
    for (const [name, rows] of this.written) {
      const table = this.committed.get(name) ?? new Map<string, unknown>();
      this.committed.set(name, table);
      for (const [key, row] of rows) {
        if (row === gone) table.delete(key);
        else table.set(key, row);
      }
    }
    this.written.clear();
  }

  private of(table: string): Table {
    const rows = this.written.get(table) ?? new Map<string, unknown>();
    this.written.set(table, rows);
    return rows;
  }
}

/** The n-th id of a kind: what a database would draw at random. */
export const numbered = (kind: string, n: number): string =>
  `00000000-0000-4000-${kind.padStart(4, '8')}-${String(n).padStart(12, '0')}`;

/** Rows of one simulated database. Transactions run one after the other: serialisable by construction. */
export class MemoryTables {
  private readonly committed = new Map<string, Table>();
  private last: Promise<unknown> = Promise.resolve();

  transaction<T>(work: (tx: MemoryTransaction) => Promise<T>): Promise<T> {
    const turn = this.last.then(async () => {
      const tx = new MemoryTransaction(this.committed);
      const result = await work(tx);
      tx.commit();
      return result;
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }

  /** What is committed now; for reading. */
  reader(): MemoryTransaction {
    return new MemoryTransaction(this.committed);
  }
}
