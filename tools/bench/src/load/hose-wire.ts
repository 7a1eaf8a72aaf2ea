export interface HoseOptions {
  /** Where to post, whole. */
  readonly url: string;
  readonly key: string;
  /** Events of one request. */
  readonly batch: number;
  /** Different bodies. */
  readonly pool: number;
  readonly concurrency: number;
  /** Posts one body every so many milliseconds instead of as fast as the answers come. */
  readonly paceMs?: number;
  readonly name: string;
  readonly firstSequence: number;
  readonly now: number;
  readonly rising: number;
  readonly seed: number;
}

export type HoseOrder = 'go' | 'hold' | 'mark';

/** What a hose has done since its start; times of answers since the last mark. */
export interface HoseMark {
  readonly accepted: number;
  readonly atMs: number;
  readonly cpuUs: number;
  readonly tookMs: readonly number[];
  /** Answers that were not a whole 202, by what they said. */
  readonly failures: Readonly<Record<string, number>>;
  readonly busy: number;
}
