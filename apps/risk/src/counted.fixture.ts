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
