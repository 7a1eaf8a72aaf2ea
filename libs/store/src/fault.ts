/** Something about the database set-up that an operator must mend; `code` is stable, the message says how. */
export class StoreFault extends Error {
  constructor(
    readonly code: `STORE_${string}`,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${message}`, options);
    this.name = 'StoreFault';
  }
}
