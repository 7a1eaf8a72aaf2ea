import type { ResponsePolicy as View } from '@linli/contracts';
import { budgetsIn, type ClockBudgets, type PeopleClock } from '../domain/policy.js';
import { response202601, type Budget, type ByColour } from '../domain/response.js';
import type { PolicyOfTenant } from '../store/response-policies.js';

const coloursOf = ({ 1: yellow, 2: orange, 3: red }: ByColour<Budget>) => ({ red, orange, yellow });

const clocksOf = (budgets: ClockBudgets): View['clocks'] => {
  const entries = Object.entries(budgets) as [PeopleClock, ByColour<Budget>][];
  return Object.fromEntries(entries.map(([clock, each]) => [clock, coloursOf(each)])) as View['clocks'];
};

/** A version as it is shown. */
export const policyView = ({ policy, validFrom, setBy }: Omit<PolicyOfTenant, 'tenant'>): View => ({
  ...{ version: policy.version, source: policy.source, setBy },
  validFrom: new Date(validFrom).toISOString(),
  clocks: clocksOf(budgetsIn(policy)),
});

/** What holds for a tenant that set none. */
export const releasedPolicyView: View = {
  ...{ version: response202601.version, source: response202601.source, validFrom: null, setBy: null },
  clocks: clocksOf(budgetsIn(response202601)),
};
