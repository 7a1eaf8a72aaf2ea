import type { Transaction } from '@linli/store';

const off = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'];

/**
 * For the rest of a transaction everything is looked up by key. What the intake asks for is a few thousand keys of
 * tables of any size, and up to some hundred thousand rows the planner would rather read such a table whole.
 */
export const lookUpByKey = async (tx: Transaction): Promise<void> => {
  await tx.query(`SELECT ${off.map((name) => `set_config('${name}', 'off', true)`).join(', ')}`);
};
