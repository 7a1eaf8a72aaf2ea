/** Codes that every operation of a kind can answer with, and the status they have. */
export const accessProblems = {
  401: ['GTW_KEY_MISSING', 'GTW_KEY_INVALID', 'GTW_KEY_EXPIRED'],
  403: ['GTW_SCOPE_MISSING'],
  503: ['GTW_KEYS_UNAVAILABLE'],
} as const;

export const bodyProblems = {
  400: ['BODY_NOT_JSON', 'BODY_HOSTILE'],
  413: ['BODY_TOO_LARGE'],
  415: ['MEDIA_TYPE_UNSUPPORTED', 'CONTENT_ENCODING_UNSUPPORTED', 'CHARSET_UNSUPPORTED'],
  422: ['BODY_INVALID'],
} as const;

export const queryProblems = { 400: ['QUERY_INVALID'] } as const;

/** The owner of the data is asked over HTTP. */
export const ownerProblems = { 503: ['GTW_OWNER_UNAVAILABLE'] } as const;

/** A command travels over the log. */
export const commandProblems = {
  400: ['GTW_IDEMPOTENCY_KEY_INVALID', 'GTW_PREFER_INVALID'],
  410: ['COMMAND_EXPIRED'],
  422: ['IDEMPOTENCY_KEY_REUSED'],
  503: ['GTW_LOG_UNAVAILABLE', 'GTW_OUTCOME_UNKNOWN', 'GTW_BUSY'],
} as const;

type Codes = Readonly<Record<number, readonly string[]>>;

export const allProblems = (...some: readonly Codes[]): Record<number, string[]> => {
  const all: Record<number, string[]> = {};
  for (const codes of some) {
    for (const [status, list] of Object.entries(codes)) {
      all[Number(status)] = [...new Set([...(all[Number(status)] ?? []), ...list])];
    }
  }
  return all;
};
