import { STATUS_CODES } from 'node:http';
import type { Problem } from '@linli/contracts';
import type { Refusal, RefusalKind } from '@linli/kernel';
import { Refused } from '@linli/kernel';

/** What a kind of refusal is in HTTP. The one place where that is said. */
export const statusOfKind: Readonly<Record<RefusalKind, number>> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  expired: 410,
  stale: 412,
  'too-large': 413,
  unsupported: 415,
  invalid: 422,
  'precondition-required': 428,
  'too-many': 429,
  unavailable: 503,
};

export interface More {
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the problem document. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** For what only HTTP knows (405). */
  readonly status?: number;
}

/** A refusal whose answer carries more. */
export class RefusedWith extends Refused {
  constructor(
    refusal: Refusal,
    readonly more: More,
  ) {
    super(refusal);
  }
}

/** RFC 9457 document of a status and a refusal. */
export const problem = (status: number, refusal: Omit<Refusal, 'kind'>, correlationId?: string): Problem => ({
  type: `/problems/${refusal.code}`,
  title: STATUS_CODES[status] ?? 'Error',
  status,
  code: refusal.code,
  detail: refusal.detail,
  ...(correlationId ? { correlationId } : {}),
  ...(refusal.flaws ? { errors: [...refusal.flaws] } : {}),
});

export interface ProblemAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Problem & Readonly<Record<string, unknown>>;
}

const headersOf = (status: number): Record<string, string> => {
  if (status === 401) {
    return { 'www-authenticate': 'Bearer realm="linli"' };
  }
  return status === 503 || status === 429 ? { 'retry-after': '1' } : {};
};

/** The whole HTTP answer to a refusal. */
export const problemAnswer = (refused: Refused, correlationId?: string): ProblemAnswer => {
  const { refusal } = refused;
  const more: More = refused instanceof RefusedWith ? refused.more : {};
  const status = more.status ?? statusOfKind[refusal.kind];
  return {
    status,
    headers: { ...headersOf(status), ...more.headers },
    body: { ...problem(status, refusal, correlationId), ...more.members },
  };
};
