/** Nobody answers at the address, or only after too long. */
export class NotReachable extends Error {
  constructor(url: string, cause: unknown) {
    super(`${url} is not reachable: ${reasonOf(cause)}`, { cause });
  }
}

const reasonOf = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? cause.cause.message || cause.cause.name : cause.message;
};

/** The system answered no. */
export class Declined extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly body: unknown,
  ) {
    super(`${status} ${code}: ${detail}`);
  }
}

/** A fact that was waited for did not come. */
export class DidNotHappen extends Error {
  constructor(what: string, limitMs: number) {
    super(`waited ${Math.round(limitMs / 1000)} s in vain: ${what}`);
  }
}
