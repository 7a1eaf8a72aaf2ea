/** Turns rows into arrays, one a column: the parameters of an UNNEST, whatever the number of rows. */
export const columnsOf = <Row>(
  rows: readonly Row[],
  ...columns: readonly ((row: Row) => unknown)[]
): unknown[][] => columns.map((column) => rows.map(column));
