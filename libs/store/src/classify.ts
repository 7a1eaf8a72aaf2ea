/**
 * What to do about a failure. `transient`: the outside was away or in the way, the same work may succeed later, so it
 * is tried again without end. `deterministic`: the same work fails the same way each time, so it is set aside.
 */
export type FailureClass = 'transient' | 'deterministic';

/**
 * SQLSTATE classes and codes that pass: connection 08, resources 53, shutdown 57P, system 58, rollback 40; lock not
 * available 55P03, cancelled by a time limit 57014, idle limits 25P03 25P04 57P05, read-only after a fail-over 25006.
 */
const transientState = /^(08...|53...|57P0[1235]|58...|40...|55P03|57014|25P0[34]|25006)$/u;

const transientSystemCode = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['EHOSTDOWN', 'ENETDOWN', 'EAI_AGAIN', 'ENOTFOUND', 'EMFILE', 'ENFILE'],
]);

/** pg and pg-pool say these without a code. */
const transientMessage =
  /^(connection terminated|client has encountered a connection error|client was closed|timeout exceeded when trying to connect|timeout expired|query read timeout|cannot use a pool after calling end)/iu;

interface Failure {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly name?: unknown;
  readonly cause?: unknown;
  readonly driverError?: unknown;
  readonly errors?: readonly unknown[];
}

const passes = (failure: Failure): boolean => {
  const code = typeof failure.code === 'string' ? failure.code : '';
  if (transientState.test(code) || transientSystemCode.has(code)) return true;
  // TypeORM gives a broken connection back by itself; what is asked of it afterwards gets this error.
  if (failure.name === 'QueryRunnerAlreadyReleasedError') return true;
  return typeof failure.message === 'string' && transientMessage.test(failure.message);
};

/** Sorts a failure of pg or TypeORM, also one wrapped as `driverError`, as `cause`, or in an `AggregateError`. */
export const classify = (error: unknown): FailureClass => {
  if (typeof error !== 'object' || error === null) return 'deterministic';
  const failure = error as Failure;
  if (passes(failure)) return 'transient';
  const inner = [failure.driverError, failure.cause, ...(failure.errors ?? [])];
  return inner.some((one) => one !== error && classify(one) === 'transient') ? 'transient' : 'deterministic';
};
