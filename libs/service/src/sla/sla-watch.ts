import type { ClockCount } from '@linli/deadlines';

export type LookAtClocks = () => Promise<readonly ClockCount[]>;

const LEAST_REST_MS = 15_000;
/** A look at a million deadlines takes half a second: not more than one fiftieth of the time is spent on looking. */
const REST_FOR_WORK = 50;

/**
 * The clocks of a service with their bands, as metrics and status show them: counted now and then, however often somebody
 * asks.
 */
export const watchingClocks = (look: LookAtClocks, now = () => performance.now()): LookAtClocks => {
  let seen: Promise<readonly ClockCount[]> | null = null;
  let fresh = -Infinity;
  const lookAgain = async (): Promise<readonly ClockCount[]> => {
    const began = now();
    try {
      return await look();
    } finally {
      fresh = now() + Math.max(LEAST_REST_MS, REST_FOR_WORK * (now() - began));
    }
  };
  return () => {
    if (seen === null || now() >= fresh) {
      fresh = Infinity;
      const last = seen;
      // What was seen last stays until the next look has seen something.
      const next = lookAgain();
      seen = last ?? next;
      next.then(
        () => (seen = next),
        () => (seen = last),
      );
    }
    return seen;
  };
};
