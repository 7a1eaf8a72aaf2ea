export type PublishRefusal =
  | 'LOG_CLOSED'
  | 'LOG_TOPIC_UNKNOWN'
  | 'LOG_NO_SUCH_PARTITION'
  | 'LOG_RECORD_TOO_LARGE'
  | 'LOG_RECORD_INVALID'
  | 'LOG_OVERLOADED'
  | 'LOG_UNAVAILABLE'
  | 'LOG_REJECTED';

/** Surely not in the log, and never will be. */
export class PublishRefused extends Error {
  constructor(
    readonly code: PublishRefusal,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${detail}`, options);
    this.name = 'PublishRefused';
  }
}

/** May or may not be in the log, or come to be there. Never to be told as "failed". */
export class PublishUnknown extends Error {
  readonly code = 'LOG_OUTCOME_UNKNOWN';

  constructor(detail: string, options?: ErrorOptions) {
    super(`LOG_OUTCOME_UNKNOWN: ${detail}`, options);
    this.name = 'PublishUnknown';
  }
}
