import { MINUTE } from '@linli/kernel';
import type { AskedRow } from '../evidence.js';
import type { Wish } from '../wishes.js';

interface Stand {
  readonly from: number;
  /** Infinity: until it is resumed. */
  readonly to: number;
}

/** What a due time hangs on, by our own arithmetic: time as it passes. */
export interface Terms {
  readonly from: number;
  readonly minutes: number;
  readonly stands: readonly Stand[];
}

const first = ({ from, minutes }: Wish): Terms => ({ from, minutes, stands: [] });

const resumed = (stands: readonly Stand[], at: number): Stand[] => {
  const last = stands.at(-1);
  return last ? [...stands.slice(0, -1), { ...last, to: at }] : [];
};

/** The terms after a change that was accepted. */
const changed = (terms: Terms, { change, appendedAt: at }: AskedRow): Terms => {
  const { minutes, stands } = terms;
  switch (change.kind) {
    case 'pause':
      return { ...terms, stands: [...stands, { from: at, to: at + (change.forMs ?? Infinity) }] };
    case 'resume':
      return { ...terms, stands: resumed(stands, at) };
    case 'extend':
      return { ...terms, minutes: minutes + change.minutes };
    case 'change':
    case 'end':
    default:
      return terms;
  }
};

/** A new budget leaves what it was extended by. */
const rebudgeted = (asked: readonly AskedRow[], before: Terms, row: AskedRow): Terms => {
  if (row.change.kind !== 'change') return changed(before, row);
  const extended = asked
    .filter(({ version }) => version < row.version)
    .reduce((sum, { change }) => sum + (change.kind === 'extend' ? change.minutes : 0), 0);
  return { ...before, minutes: row.change.minutes + extended };
};

/** The terms of each version of a deadline: of the first, and after every change that was accepted. */
export const termsByVersion = (wish: Wish, asked: readonly AskedRow[]): ReadonlyMap<number, Terms> => {
  const accepted = asked.filter(({ refused }) => refused === null).toSorted((a, b) => a.version - b.version);
  const terms = new Map([[1, first(wish)]]);
  let now = first(wish);
  for (const row of accepted) {
    now = rebudgeted(accepted, now, row);
    terms.set(row.version, now);
  }
  return terms;
};

/** When a share of the time is over (1: all of it), milliseconds; null: it stands still before. */
export const shareOver = ({ from, minutes, stands }: Terms, share = 1): number | null => {
  let [at, left] = [from, minutes * MINUTE * share];
  for (const stand of stands) {
    if (stand.to <= at) continue;
    const passed = Math.max(at, stand.from) - at;
    if (passed >= left) break;
    if (stand.to === Infinity) return null;
    left -= passed;
    at = stand.to;
  }
  return at + left;
};
