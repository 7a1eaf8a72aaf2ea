import { eventually } from '@linli/testing';

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

/** What did not come in time; the run is void. */
export const within = async <T>(ms: number, what: string, work: Promise<T> | undefined): Promise<T> => {
  if (!work) throw new Void(`${what}: nothing runs`);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Void(`${what}: not within ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
};

/** Waits for the fault itself: the run is void when it does not come. */
export const untilHappened = async (
  what: string,
  check: () => boolean | Promise<boolean>,
  withinMs = 30_000,
): Promise<void> => {
  await eventually(check, { withinMs, what }).catch((error: unknown) => {
    throw new Void(String(error));
  });
};
