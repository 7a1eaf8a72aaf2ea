import type { Outcome } from '@linli/contracts';
import { announce } from '../consume/announce.js';
import { Chunk } from '../consume/chunk.js';
import { Told } from '../consume/told.js';
import type { Handling } from '../handling.js';
import type { OperateParts } from './target.js';

/** What came of work that may fail alone. */
export type Apart<T> =
  { readonly value: T; readonly outcomes: readonly Outcome[] } | { readonly fault: string };

/**
 * Does a message's work inside of the transaction of the operator's command, but apart from it: when the message fails
 * again, what it wrote is taken back and the command goes on to say so. A passing fault is the command's own.
 */
export const apart = async <Tx, T>(
  parts: Omit<OperateParts<Tx>, 'targets'>,
  handling: Handling<Tx>,
  group: string,
  work: (chunk: Chunk<Tx>) => Promise<T>,
): Promise<Apart<T>> => {
  const { store, ids, tells, watch } = parts;
  const told = new Told(ids, tells, handling.now, watch);
  const chunk = new Chunk(handling.tx, store, group, told);
  try {
    const value = await store.operate.attempt(handling.tx, async () => {
      const result = await work(chunk);
      await chunk.write();
      return result;
    });
    handling.afterCommit(() => announce(parts, told, chunk.outcomes));
    return { value, outcomes: chunk.outcomes };
  } catch (error) {
    if (parts.classify(error) === 'transient') throw error;
    return { fault: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
};
