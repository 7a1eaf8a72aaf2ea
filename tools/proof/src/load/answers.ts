import type { Answer } from './caller.js';

interface Stamped extends Omit<Answer, 'body' | 'headers'> {
  readonly began: number;
  readonly retryAfter: string | null;
}

/** What clients were answered from one instant to another. */
export interface Window {
  readonly all: number;
  readonly unavailable: number;
  /** Of the answers 503. */
  readonly withoutRetryAfter: number;
  /** No answer at all, or one that says nothing. */
  readonly lost: number;
  readonly p99Ms: number;
}

/** Remembers how calls were answered, so that a stretch of time can be looked at. */
export class Answers {
  private readonly kept: Stamped[] = [];

  readonly onAnswer = ({ type, status, headers, ms }: Answer): void => {
    const retryAfter = headers?.get('retry-after') ?? null;
    this.kept.push({ type, status, ms, began: performance.now() - ms, retryAfter });
  };

  /** Calls that began in between. */
  between(from: number, to: number): Window {
    const all = this.kept.filter(({ began }) => began >= from && began < to);
    const unavailable = all.filter(({ status }) => status === 503);
    const times = unavailable.map(({ ms }) => ms).toSorted((a, b) => a - b);
    return {
      all: all.length,
      unavailable: unavailable.length,
      withoutRetryAfter: unavailable.filter(({ retryAfter }) => retryAfter === null).length,
      lost: all.filter(({ status }) => status === null || (status >= 500 && status !== 503)).length,
      p99Ms: Math.round(times[Math.floor(times.length * 0.99)] ?? 0),
    };
  }
}
