/** Where something can be wrong. */
export type Area = 'system' | 'broker' | 'database' | 'redis' | 'clock' | 'keys' | 'calendars';

/** What was looked at and found. `unknown`: it could not be seen from here, which is said. */
export interface Finding {
  readonly area: Area;
  readonly state: 'right' | 'wrong' | 'unreachable' | 'unknown';
  readonly what: string;
  /** What to do about it. */
  readonly mend?: string;
}

/** Where a doctor looks; the rest is in the environment (KAFKA_BROKERS, DATABASE_URL, REDIS_URL …). */
export interface Patient {
  readonly url: string;
  readonly key: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export type Examine = (patient: Patient) => AsyncIterable<Finding>;

export const right = (area: Area, what: string): Finding => ({ area, state: 'right', what });
export const wrong = (area: Area, what: string, mend: string): Finding => ({
  area,
  state: 'wrong',
  what,
  mend,
});
export const unknown = (area: Area, what: string, mend?: string): Finding => ({
  ...{ area, state: 'unknown', what },
  ...(mend !== undefined && { mend }),
});
export const unreachable = (area: Area, error: unknown, mend: string): Finding => ({
  ...{ area, state: 'unreachable', mend },
  what: `does not answer: ${error instanceof Error ? error.message || error.name : String(error)}`,
});
