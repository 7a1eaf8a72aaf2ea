/** Turns rows into arrays, one a column: the parameters of an UNNEST, whatever the number of rows. */
export const columnsOf = <Row>(
  rows: readonly Row[],
  ...columns: readonly ((row: Row) => unknown)[]
): unknown[][] => columns.map((column) => rows.map(column));

/** Milliseconds as PostgreSQL reads them without loss. */
export const instant = (at: number): string => new Date(at).toISOString();
export const instantOrNull = (at: number | null): string | null => (at === null ? null : instant(at));
export const millis = (at: Date | null): number | null => at?.getTime() ?? null;
