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
