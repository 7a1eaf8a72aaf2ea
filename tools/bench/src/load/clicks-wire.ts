/** One command of a person. */
export interface Click {
  readonly path: string;
  readonly body: string;
  readonly ifMatch?: string;
}

export interface ClicksOrder {
  readonly url: string;
  readonly concurrency: number;
  readonly clicks: readonly Click[];
}

export interface ClicksAnswer {
  readonly elapsedMs: number;
  readonly tookMs: readonly number[];
  readonly cpuUs: number;
  /** Answers that were not 200, by what they said. */
  readonly failures: Readonly<Record<string, number>>;
}
