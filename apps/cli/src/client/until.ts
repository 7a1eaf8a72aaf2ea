import { setTimeout as pause } from 'node:timers/promises';
import { DidNotHappen } from './faults.js';

const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 200;

/** Looks again and again until `look` sees something; `what` says for the error message what was waited for. */
export const until = async <T>(
  look: () => Promise<T | undefined>,
  what: () => string,
  limitMs = 60_000,
): Promise<T> => {
  const end = performance.now() + limitMs;
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 1.5, LONGEST_PAUSE_MS)) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > end) throw new DidNotHappen(what(), limitMs);
    await pause(wait);
  }
};
