import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

/** What the client knows of a call: not finished, done, refused, or nothing (time-outs, resets, 5xx). */
export type LineType = 'invoke' | 'ok' | 'fail' | 'info';

/** One line of a recorded history. A wish keeps its `key` over all its attempts. */
export interface Line {
  /** Client. */
  readonly p: number;
  /** Attempt, counted over the whole history. */
  readonly i: number;
  readonly type: LineType;
  /** Idempotency key of a command, name of a batch of events or of a look. */
  readonly key: string;
  /** What is asked for: `POST /v1/warnings/…/verify`. */
  readonly cmd: string;
  readonly status: number | null;
  /** Milliseconds since the start of the history. */
  readonly t: number;
  readonly tenant: string;
  /** Version that a command led to or that a look saw. */
  readonly version?: number;
  /** Ids of the events that were sent (`invoke`) or taken (`ok`). */
  readonly ids?: readonly string[];
}

export type Said = Omit<Line, 't'>;

/** Records what clients did and saw, a line each, on disk at once. */
export class History {
  private readonly handle: number;
  private readonly began = performance.now();
  private attempts = 0;
  private closed = false;

  constructor(readonly file: string) {
    this.handle = openSync(file, 'w');
  }

  nextAttempt(): number {
    this.attempts += 1;
    return this.attempts;
  }

  /** After the end, the last calls of a run that was given up are of no account. */
  add(said: Said): void {
    if (this.closed) return;
    const line: Line = { ...said, t: Math.round(performance.now() - this.began) };
    writeSync(this.handle, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    this.closed = true;
    closeSync(this.handle);
  }
}

export const readHistory = (file: string): Line[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((text) => JSON.parse(text) as Line);
