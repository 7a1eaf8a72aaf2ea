import { within } from '@linli/kernel';
import { eventually } from '@linli/testing';
import type { Counts } from './counts.js';

/** The fault that a run was to survive did not happen: the run proves nothing, whatever else it showed. */
export class Void extends Error {
  override readonly name = 'Void';

  constructor(what: string) {
    super(`void: ${what}`);
  }
}

/** The run is void unless this many of it were counted. */
export const happened = (what: string, count: number, atLeast = 1): void => {
  if (count < atLeast) throw new Void(`${what}: ${count} of at least ${atLeast}`);
};

const isVoid = (error: unknown): never => {
  throw new Void(error instanceof Error ? error.message : String(error));
};

/** What a fault brings about: the run is void when it does not come in time. */
export const mustCome = async <T>(ms: number, work: Promise<T> | undefined, what: string): Promise<T> => {
  if (!work) throw new Void(`${what}: nothing runs`);
  return within(ms, work, what).catch(isVoid);
};

/** The run is void unless all of these were counted. */
export const allHappened = (counts: Counts, faults: readonly string[]): void => {
  const absent = faults.filter((fault) => !((counts[fault] ?? 0) > 0));
  if (absent.length > 0) throw new Void(`${absent.join(', ')}: none in ${JSON.stringify(counts)}`);
};

/** Waits for the fault itself: the run is void when it does not come. */
export const untilHappened = async (
  what: string,
  check: () => boolean | Promise<boolean>,
  withinMs = 30_000,
): Promise<void> => {
  await eventually(check, { withinMs, what }).catch(isVoid);
};
