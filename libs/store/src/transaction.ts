/** One open database transaction, or a connection outside of one. Parameters are `$1…`; hot paths pass arrays (UNNEST). */
export interface Transaction {
  /** Rows of a SELECT or a RETURNING. bigint comes back as number (all our counters stay below 2^53). */
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Number of rows that a statement changed. */
  execute(sql: string, parameters?: readonly unknown[]): Promise<number>;
}
