import type { NewResponsePolicy, Principal, ResponsePolicies, ResponsePolicySet } from '@linli/contracts';
import type { Deadlines } from '@linli/deadlines';
import { Refused } from '@linli/kernel';
import type { Database, Transaction } from '@linli/store';
import { responsePolicies } from '../store/response-policies.js';
import { policyView, releasedPolicyView } from '../use-cases/policy.view.js';
import { foreseePolicy } from '../use-cases/set-policy.js';

/** The policy in force and all before it. */
export const policiesOf = (database: Database, principal: Principal): Promise<ResponsePolicies> =>
  database.readAs(principal, async (tx) => {
    const own = await responsePolicies.history(tx, principal.tenant);
    const history = [...own.map(policyView), releasedPolicyView];
    return { inForce: history[0] ?? releasedPolicyView, history };
  });

/** What setting a policy would change. */
export const policyDifference = async (
  { database, deadlines }: { readonly database: Database; readonly deadlines: Deadlines<Transaction> },
  principal: Principal,
  body: NewResponsePolicy,
): Promise<ResponsePolicySet> => {
  const { tenant, keyId: by } = principal;
  const seen = await database.readAs(principal, (tx) => foreseePolicy(deadlines, tx, { tenant, by, body }));
  if ('kind' in seen) throw new Refused(seen);
  return seen;
};
