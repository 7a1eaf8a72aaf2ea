import type { Transaction } from '@linli/store';

/** The same transaction; each statement is counted. */
export const counted = (tx: Transaction, count: () => void): Transaction => ({
  query(...given) {
    count();
    return tx.query(...given);
  },
  execute(...given) {
    count();
    return tx.execute(...given);
  },
});

/** The same transaction; each turn is counted: a statement that is sent while no other waits for its answer. */
export const turnsCounted = (tx: Transaction, count: () => void): Transaction => {
  let waiting = 0;
  const sent = async <T>(send: () => Promise<T>): Promise<T> => {
    if (waiting === 0) count();
    waiting += 1;
    try {
      return await send();
    } finally {
      waiting -= 1;
    }
  };
  return {
    query: (...given) => sent(() => tx.query(...given)),
    execute: (...given) => sent(() => tx.execute(...given)),
  };
};
