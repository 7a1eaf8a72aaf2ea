import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';

export interface Patience {
  readonly withinMs?: number;
  readonly everyMs?: number;
  /** What is waited for, for the message of a failure. */
  readonly what?: string;
}

type Attempt<T> = { readonly value: T } | { readonly error: unknown };

const attempt = async <T>(check: () => T | Promise<T>): Promise<Attempt<T>> => {
  try {
    return { value: await check() };
  } catch (error) {
    return { error };
  }
};

/** For facts that cannot be awaited: asks again until `check` gives a truthy value without throwing, and returns it. */
export const eventually = async <T>(
  check: () => T | Promise<T>,
  { withinMs = 10_000, everyMs = 50, what = 'what was waited for' }: Patience = {},
): Promise<T> => {
  for (const end = Date.now() + withinMs; ; await delay(everyMs)) {
    const last = await attempt(check);
    if ('value' in last && last.value) return last.value;
    if (Date.now() < end) continue;
    if ('error' in last) throw new Error(`${what} did not come within ${withinMs} ms`, { cause: last.error });
    throw new Error(`${what} did not come within ${withinMs} ms; the last answer was ${inspect(last.value)}`);
  }
};
