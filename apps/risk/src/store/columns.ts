/** Turns rows into arrays, one a column: the parameters of an UNNEST, whatever the number of rows. */
export const columnsOf = <Row>(
  rows: readonly Row[],
  ...columns: readonly ((row: Row) => unknown)[]
): unknown[][] => columns.map((column) => rows.map(column));

/** Milliseconds as PostgreSQL reads them without loss. */
export const instant = (at: number): string => new Date(at).toISOString();
export const instantOrNull = (at: number | null): string | null => (at === null ? null : instant(at));
export const millis = (at: Date | null): number | null => at?.getTime() ?? null;

/** For queries that take parameters one by one: hands out `$1`, `$2`, … as conditions are added. */
export class Conditions {
  readonly #parts: string[] = [];
  readonly parameters: unknown[] = [];

  /** `?` in the text stands for the value. */
  add(sql: string, value: unknown): this {
    this.parameters.push(value);
    this.#parts.push(sql.replaceAll('?', `$${this.parameters.length}`));
    return this;
  }

  /** The first `?` stands for the first value, and so on. */
  addAll(sql: string, values: readonly unknown[]): this {
    const [first, ...rest] = sql.split('?');
    const numbered = rest.map((part, n) => `$${this.parameters.length + n + 1}${part}`);
    this.parameters.push(...values);
    this.#parts.push([first, ...numbered].join(''));
    return this;
  }

  addIf<T>(value: T | null | undefined, sql: string, parameterOf: (value: T) => unknown = (v) => v): this {
    return value === null || value === undefined ? this : this.add(sql, parameterOf(value));
  }

  get sql(): string {
    return this.#parts.join(' AND ');
  }
}
