export interface WatcherOptions {
  readonly url: string;
  readonly key: string;
  readonly everyMs: number;
  readonly seed: number;
  readonly now: number;
}

/** `mark` also ends the reports. */
export type WatcherOrder = 'go' | 'mark';

export interface WatcherAnswer {
  /** From the POST to the first line of the stream that names the place, each. */
  readonly tookMs: readonly number[];
  /** Reported and not seen yet. */
  readonly unseen: number;
}
