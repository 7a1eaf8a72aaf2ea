import type { Transaction } from '@linli/store';
import { response202601, type ResponsePolicy } from '../domain/response.js';
import { responsePolicies } from '../store/response-policies.js';

const all = new WeakMap<Transaction, Map<string, ResponsePolicy>>();

/** Looks up once for a chunk of commands within which time its tenants answer warnings: by their own policy or that of the release. */
export const holdPolicies = async (tx: Transaction, tenants: readonly string[]): Promise<void> => {
  const own = tenants.length === 0 ? null : await responsePolicies.inForce(tx, tenants);
  all.set(tx, new Map(tenants.map((tenant) => [tenant, own?.get(tenant) ?? response202601])));
};

/** From here on the commands of the chunk go by another one. */
export const replacePolicy = (tx: Transaction, tenant: string, policy: ResponsePolicy): void => {
  all.get(tx)?.set(tenant, policy);
};

export const policyIn = (tx: Transaction, tenant: string): ResponsePolicy => {
  const held = all.get(tx)?.get(tenant);
  if (!held) throw new Error('a warning was changed outside of a chunk of commands');
  return held;
};
