/**
 * What a refusal means to the one refused. Mapped once to HTTP (`libs/service`) and once to consumer outcomes
 * (`libs/bus`); no HTTP number stands in the domain.
 */
export type RefusalKind =
  | 'malformed'
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'stale'
  | 'precondition-required'
  | 'gone'
  | 'expired'
  | 'too-large'
  | 'too-many'
  | 'unsupported'
  | 'unavailable';

/** One thing wrong with an input: where (JSON Pointer, RFC 6901) and what. */
export interface Flaw {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** An answer of the domain: no, and why. A value, never an exception inside a decider. */
export interface Refusal {
  readonly code: string;
  readonly kind: RefusalKind;
  readonly detail: string;
  readonly flaws?: readonly Flaw[];
}

export const refuse = (code: string, kind: RefusalKind, detail: string, flaws?: readonly Flaw[]): Refusal =>
  flaws ? { code, kind, detail, flaws } : { code, kind, detail };

/** A refusal on its way out of a door (HTTP). Deciders return refusals; doors throw them as this. */
export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(`${refusal.code}: ${refusal.detail}`);
    this.name = 'Refused';
  }
}
