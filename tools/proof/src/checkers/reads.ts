import { isCommand, isLook, type Wish } from '../history/wishes.js';
import { faultOf, type Faults } from './rows.js';

interface Seen {
  readonly wish: Wish;
  readonly version: number;
}

const idIn = (cmd: string): string | undefined => /\/v1\/warnings\/([0-9a-f-]{36})/u.exec(cmd)?.[1];

/** What was seen of each warning by an answer 200. */
const byWarning = (wishes: readonly Wish[]): Map<string, Seen[]> => {
  const seen = new Map<string, Seen[]>();
  for (const wish of wishes) {
    const id = idIn(wish.cmd);
    if (id === undefined || wish.status !== 200 || wish.version === null) continue;
    const own = seen.get(id) ?? [];
    own.push({ wish, version: wish.version });
    seen.set(id, own);
  }
  return seen;
};

/** The highest version that had been answered to a writer before each instant. */
const writtenBefore = (seen: readonly Seen[]): ((instant: number) => number) => {
  const writes = seen.filter(({ wish }) => isCommand(wish)).toSorted((a, b) => a.wish.ended - b.wish.ended);
  let most = 0;
  const marks = writes.map(({ wish, version }) => ({
    at: wish.ended,
    most: (most = Math.max(most, version)),
  }));
  return (instant) => {
    let [low, high] = [0, marks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((marks[middle]?.at ?? 0) < instant) low = middle + 1;
      else high = middle;
    }
    return marks[low - 1]?.most ?? 0;
  };
};

/**
 * A look that began after a write was answered sees that write or a later one; and a write that began after another one
 * of the same warning was answered leads to a higher version. Repeated wishes are answered as of old, and left out.
 */
export const readFaults = (wishes: readonly Wish[]): Faults => {
  const stale = [...byWarning(wishes).values()].flatMap((seen) => {
    const before = writtenBefore(seen);
    return seen
      .filter(({ wish }) => wish.attempts === 1 && (isLook(wish) || isCommand(wish)))
      .map(({ wish, version }) => ({ cmd: wish.cmd, version, after: before(wish.began), wish }))
      .filter(({ wish, version, after }) => version < after + (isCommand(wish) ? 1 : 0))
      .map(({ cmd, version, after }) => ({ cmd, version, after }));
  });
  return faultOf('an answer older than what was answered before', stale);
};
