/**
 * Another transaction stored the same event or made the same place since we looked. Of the class of PostgreSQL's
 * serialization failures: the bus does the whole work again, which then finds what is there.
 */
export class Raced extends Error {
  override readonly name = 'Raced';
  readonly code = '40001';
}

const UNIQUE_VIOLATION = '23505';

/** For the `catch` of an INSERT of what was looked for and not found. */
export const asRaced =
  (what: string) =>
  (error: unknown): never => {
    const { code } = (error as { driverError?: { code?: unknown } }).driverError ?? {};
    throw code === UNIQUE_VIOLATION ? new Raced(what, { cause: error }) : error;
  };
