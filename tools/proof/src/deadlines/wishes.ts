import { MINUTE, pick, type Random } from '@linli/kernel';
import { idOf } from '../log-suites/load.js';
import type { Change, Wanted } from './member/doors.js';
import { PLAIN, STAIRS } from './member/settings.js';

/** A change of a deadline, wanted at an instant (milliseconds). */
export interface Step {
  readonly at: number;
  readonly change: Change;
}

/** A deadline as it is armed, and what will be asked of it. */
export interface Wish extends Wanted {
  readonly aggregateId: string;
  readonly steps: readonly Step[];
}

const PAUSE: Change = { kind: 'pause', forMs: null };

/** Ways of changing a deadline about its due time, after which it is due as before but for what it stood still. */
const storms = (random: Random, due: number, minutes: number): readonly (readonly Step[])[] => {
  const at = due - 2_500 * random.next();
  const justBefore = due - 80 * random.next();
  const lasting = 300 + 900 * random.next();
  const later = at + lasting;
  return [
    [{ at, change: { kind: 'pause', forMs: Math.floor(lasting) } }],
    [
      { at, change: PAUSE },
      { at: later, change: { kind: 'resume' } },
    ],
    [
      { at, change: { kind: 'extend', minutes: 1 } },
      { at: later, change: { kind: 'change', minutes: minutes - 1 } },
    ],
    // While it fires.
    [
      { at: justBefore, change: PAUSE },
      { at: justBefore + lasting, change: { kind: 'resume' } },
    ],
  ];
};

const END_SPREAD_MS = 400;

/** Ended close to its due time, mostly before and now and then after it. */
const endOf = (random: Random, due: number): Step[] => [
  { at: due - END_SPREAD_MS * (random.next() - 0.15), change: { kind: 'end' } },
];

const MINUTES = 3;

/** Changed before its due time and again after it, when it may have fired. */
const stormOf = (random: Random, due: number): Step[] => {
  const before = pick(random, storms(random, due, MINUTES));
  const lessened = before.some(({ change }) => change.kind === 'extend');
  return [...before, ...pick(random, storms(random, due + 4_000, lessened ? MINUTES - 1 : MINUTES))];
};

const stepsOf = (random: Random, n: number, due: number): Step[] => {
  if (n % 4 === 0) return [];
  return n % 4 === 3 ? endOf(random, due) : stormOf(random, due);
};

/** By turns: one that is left alone, two that are changed over and over, one that ends. Every third has a ladder. */
export const wishAt = (random: Random, run: string, n: number, due: number): Wish => ({
  id: idOf(`${run} deadline ${n}`),
  aggregateId: idOf(`${run} aggregate ${n}`),
  clock: n % 3 === 0 ? STAIRS : PLAIN,
  ...{ from: due - MINUTES * MINUTE, minutes: MINUTES },
  steps: stepsOf(random, n, due),
});

/** Left alone: many of an aggregate, due one after the other. */
export const crowdAt = (run: string, n: number, of: number, due: number): Wish => ({
  id: idOf(`${run} deadline of the crowd ${n}`),
  aggregateId: idOf(`${run} crowd ${Math.floor(n / of)}`),
  clock: PLAIN,
  ...{ from: due - MINUTE, minutes: 1 },
  steps: [],
});
