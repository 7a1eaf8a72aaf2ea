import {
  NewResponsePolicy,
  Operation as OperationView,
  ResponsePolicies,
  ResponsePolicySet,
} from '@linli/contracts';
import { z } from 'zod';
import { commandAnswers, commandHeaders } from './command-parts.js';
import type { Operation } from './operation.js';
import { allProblems, commandProblems, ownerProblems, queryProblems } from './problems.js';

const tag = 'Risk';
const path = '/v1/risk/response-policy';

export const getResponsePolicy: Operation = {
  ...{ id: 'getResponsePolicy', method: 'GET', path, scope: 'warnings:read', tag },
  summary: 'Within which time warnings are answered',
  describes: 'The policy in force, and every version before it with its source.',
  answers: { 200: { means: 'All versions.', body: ResponsePolicies } },
  problems: ownerProblems,
};

export const setResponsePolicy: Operation = {
  ...{ id: 'setResponsePolicy', method: 'POST', path, scope: 'areas:write', tag },
  summary: 'Set within which time warnings are answered',
  describes:
    'Other budgets for clocks by colour, in force at once; what is not named stays. Clocks that run are reckoned anew ' +
    'from their own ledger, with their pauses; what was missed stays missed. `dryRun=true` answers what would move, and ' +
    'changes nothing. Needs a key for all areas.',
  query: z.object({
    dryRun: z.enum(['true', 'false']).optional().describe('Only say what would move.'),
  }),
  headers: commandHeaders,
  bodies: { 'application/json': NewResponsePolicy },
  answers: commandAnswers('What moved, or would.', ResponsePolicySet, OperationView),
  problems: allProblems(commandProblems, ownerProblems, queryProblems, {
    403: ['GTW_AREA_LIMITED'],
    409: ['RSK_POLICY_VERSION'],
    422: ['RSK_POLICY_ORDER'],
  }),
};

export const responsePolicyOperations = [getResponsePolicy, setResponsePolicy] as const;
