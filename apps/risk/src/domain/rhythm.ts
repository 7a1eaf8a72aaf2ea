import { DAY, MINUTE } from '@linli/kernel';

/** When a source was heard. Instants in milliseconds. */
export interface Heard {
  readonly lastAt: number;
  /** Pauses between the times it was heard. */
  readonly pauses: number;
  /** Nineteen of twenty were not longer, milliseconds; null when there is none. */
  readonly usualPause: number | null;
}

/** Pauses before a rhythm is believed. */
const FEWEST = 10;
/** Nothing is called silent earlier. */
const LEAST = 15 * MINUTE;

/** When a source is overdue: after twice its usual pause. Null while its rhythm is not known. */
export const expectedBy = ({ lastAt, pauses, usualPause }: Heard): number | null =>
  pauses < FEWEST || usualPause === null ? null : lastAt + Math.max(2 * usualPause, LEAST);

/** Since when a source is silent that should have been heard by now; null when it is not. */
export const silentSince = (heard: Heard, now: number): number | null => {
  const due = expectedBy(heard);
  return due !== null && now > due ? heard.lastAt : null;
};

/** So long an operator is asked to look; one that is silent for longer is known to be, or is not coming back. */
const NEWS = 7 * DAY;

/** Whether a silence is so young that somebody should look. */
export const isNews = (silent: number, now: number): boolean => now - silent <= NEWS;
