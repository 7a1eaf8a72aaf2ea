import type { Transaction } from '@linli/store';

/**
 * For the rest of a transaction every join looks its rows up by key. What the intake joins is a few thousand keys with
 * tables of any size, and up to some hundred thousand rows the planner would rather read such a table whole.
 */
export const lookUpByKey = async (tx: Transaction): Promise<void> => {
  await tx.query(
    `SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)`,
  );
};
