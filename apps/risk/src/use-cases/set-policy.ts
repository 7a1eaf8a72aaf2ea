import type { Handling } from '@linli/bus';
import { levelOf, type Colour, type NewResponsePolicy, type ResponsePolicySet } from '@linli/contracts';
import { movingOf, type Deadlines, type DeadlineMove, type PolicyChange } from '@linli/deadlines';
import { refuse, type Refusal } from '@linli/kernel';
import type { Transaction } from '@linli/store';
import { nameOf } from '../domain/colour.js';
import {
  budgetsIn,
  changedBudgets,
  faultsIn,
  revised,
  type PolicyFault,
  type SomeBudgets,
} from '../domain/policy.js';
import { response202601, type Budget, type ResponsePolicy } from '../domain/response.js';
import { responsePolicies } from '../store/response-policies.js';
import { warnings } from '../store/warnings.js';
import { clocksIn, countAgain, writeClocks } from './keep-clocks.js';
import { replacePolicy } from './policies.js';
import { policyView } from './policy.view.js';

/** Who sets a policy. */
export interface PolicyOrder {
  readonly tenant: string;
  /** Id of the key. */
  readonly by: string;
  readonly body: NewResponsePolicy;
}

const MOST_SHOWN = 1000;

const budgetsOf = ({ clocks }: NewResponsePolicy): SomeBudgets =>
  Object.fromEntries(
    Object.entries(clocks).map(([clock, colours]) => [
      clock,
      Object.fromEntries(
        Object.entries(colours ?? {}).map(([colour, budget]) => [levelOf(colour as Colour), budget]),
      ),
    ]),
  );

const flawOf = ({ clock, level, higher }: PolicyFault) => ({
  pointer: `/clocks/${clock}/${nameOf(level)}`,
  code: 'RSK_POLICY_ORDER',
  detail: `gives less time than ${nameOf(higher)}`,
});

interface Plan {
  readonly before: ResponsePolicy;
  readonly after: ResponsePolicy;
}

/** The policy as it would be, or why it may not be set. */
const planOf = async (tx: Transaction, { tenant, body }: PolicyOrder): Promise<Plan | Refusal> => {
  const history = await responsePolicies.history(tx, tenant);
  const before = history[0]?.policy ?? response202601;
  const taken = [response202601, ...history.map(({ policy }) => policy)];
  if (taken.some(({ version }) => version === body.version)) {
    const detail = `There is a version ${body.version} already: give this one a name of its own.`;
    return refuse('RSK_POLICY_VERSION', 'conflict', detail);
  }
  const after = revised(before, { ...body, clocks: budgetsOf(body) });
  const faults = faultsIn(after);
  const detail = 'A lower colour may not give less time than a higher one.';
  return faults.length > 0
    ? refuse('RSK_POLICY_ORDER', 'invalid', detail, faults.map(flawOf))
    : { before, after };
};

/** What happens to the running deadlines of warnings: each gets the budget of the colour that its warning has. */
const changesOf = (tx: Transaction, tenant: string, { before, after }: Plan): PolicyChange[] =>
  [...changedBudgets(before, after)].map(([clock, byLevel]) => ({
    clock,
    async budgets(some) {
      const levels = await warnings.levels(
        tx,
        tenant,
        some.map(({ aggregateId }) => aggregateId),
      );
      return new Map(
        some.flatMap(({ id, aggregateId }): [string, Budget][] => {
          const budget = byLevel.get(levels.get(aggregateId) ?? 0);
          return budget ? [[id, budget]] : [];
        }),
      );
    },
  }));

const gathered = async (
  changes: readonly PolicyChange[],
  move: (change: PolicyChange) => Promise<readonly DeadlineMove[] | Refusal>,
): Promise<DeadlineMove[]> => {
  const moves: DeadlineMove[] = [];
  for (const change of changes) {
    const moved = await move(change);
    if ('kind' in moved) throw new Error(`${moved.code}: ${moved.detail}`);
    moves.push(...moved);
  }
  return moves;
};

const answerOf = (
  { after: policy }: Plan,
  { by }: PolicyOrder,
  dryRun: boolean,
  now: number,
  moves: readonly DeadlineMove[],
): ResponsePolicySet => {
  const { deadlines, ...counts } = movingOf(now, moves);
  return {
    ...{ dryRun, policy: policyView({ policy, validFrom: now, setBy: by }), ...counts },
    deadlines: deadlines.slice(0, MOST_SHOWN),
  };
};

/** What a policy would change, and which deadlines it would move; changes nothing. */
export const foreseePolicy = async (
  { sla }: Pick<Deadlines<Transaction>, 'sla'>,
  tx: Transaction,
  order: PolicyOrder,
): Promise<ResponsePolicySet | Refusal> => {
  const { tenant } = order;
  const plan = await planOf(tx, order);
  if ('kind' in plan) return plan;
  const everywhere = { tenant, areas: null };
  const moves = await gathered(changesOf(tx, tenant, plan), (one) => sla.movedByPolicy(tx, everywhere, one));
  return answerOf(plan, order, true, await sla.now(tx), moves);
};

/**
 * Sets a policy: from here on clocks start by it, and those that run are moved in the same transaction. Who starts clocks
 * in other transactions is waited for; what the commands before this one noted is written first, so that it is moved too.
 */
export const setPolicy = async (
  deadlines: Deadlines<Transaction>,
  order: PolicyOrder,
  handling: Handling,
): Promise<ResponsePolicySet | Refusal> => {
  const { tenant, by } = order;
  const { tx } = handling;
  await responsePolicies.claim(tx);
  const plan = await planOf(tx, order);
  if ('kind' in plan) return plan;
  await warnings.flush(tx);
  await writeClocks(deadlines, handling, clocksIn(tx));
  const now = await deadlines.sla.now(tx);
  await responsePolicies.add(
    tx,
    { tenant, setBy: by, validFrom: now, policy: plan.after },
    budgetsIn(plan.after),
  );
  replacePolicy(tx, tenant, plan.after);
  const note = { tenant, by, reason: `response policy ${plan.after.version}` };
  const moves = await gathered(changesOf(tx, tenant, plan), (one) =>
    deadlines.changePolicy(handling, one, note),
  );
  await countAgain(deadlines, tx, tenant);
  return answerOf(plan, order, false, now, moves);
};
