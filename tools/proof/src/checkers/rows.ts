/** The rows of the database, asked for by SQL of our own. */
export type Rows = <Row>(sql: string, parameters?: readonly unknown[]) => Promise<Row[]>;

/** What is wrong, a sentence each; none is the proof. */
export type Faults = readonly string[];

const SHOWN = 5;

/** One sentence for all of a kind, with some examples. */
export const faultOf = (what: string, found: readonly unknown[]): Faults =>
  found.length === 0
    ? []
    : [
        `${found.length} × ${what}: ${found
          .slice(0, SHOWN)
          .map((one) => JSON.stringify(one))
          .join(', ')}`,
      ];
