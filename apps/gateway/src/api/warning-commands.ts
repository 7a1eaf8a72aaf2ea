import { Operation as OperationView, Warning, warningVerbs, type WarningVerb } from '@linli/contracts';
import { commandAnswers, commandHeaders } from './command-parts.js';
import type { Operation } from './operation.js';
import { allProblems, commandProblems } from './problems.js';
import { oneWarning } from './warning-operations.js';

interface Door {
  readonly summary: string;
  /** Codes of its refusals by status, beside those of every command about a warning. */
  readonly refusals?: Readonly<Record<number, readonly string[]>>;
}

const doors: Readonly<Record<WarningVerb, Door>> = {
  issue: { summary: 'Issue a candidate' },
  dismiss: { summary: 'Dismiss a candidate', refusals: { 422: ['WRN_REASON'] } },
  acknowledge: { summary: 'Acknowledge a warning' },
  escalate: { summary: 'Raise the colour one level', refusals: { 409: ['WRN_MAX_LEVEL'] } },
  verify: {
    summary: 'Say what was found on site',
    refusals: { 403: ['WRN_SELF_VERIFY'], 422: ['WRN_EVIDENCE'] },
  },
  plan: { summary: 'Make the plan', refusals: { 422: ['WRN_PLAN_EMPTY'] } },
  'hand-over': { summary: 'Hand over to another body', refusals: { 422: ['WRN_REF_MISSING'] } },
  update: { summary: 'Report how it goes' },
  link: { summary: 'Link a mediation or a petition' },
  lower: {
    summary: 'Lower the colour one step',
    refusals: { 403: ['WRN_LEVEL'], 409: ['WRN_MIN_LEVEL', 'WRN_HYSTERESIS'], 422: ['WRN_EVIDENCE'] },
  },
  monitor: {
    summary: 'Say that the danger is gone',
    refusals: { 409: ['WRN_HYSTERESIS'], 422: ['WRN_EVIDENCE'] },
  },
  visit: { summary: 'Report a visit', refusals: { 409: ['WRN_VISITS_DUE'] } },
  close: {
    summary: 'Close it with an outcome',
    refusals: { 409: ['WRN_VISITS_DUE'], 422: ['WRN_OUTCOME'] },
  },
  reopen: { summary: 'Reopen it', refusals: { 409: ['WRN_REOPEN_WINDOW'] } },
  merge: { summary: 'Merge it into another warning', refusals: { 409: ['WRN_MERGE'] } },
};

/** `hand-over` → `handOver`, as ids of operations are written. */
const camel = (verb: string): string =>
  verb.replaceAll(/-([a-z])/gu, (_, letter: string) => letter.toUpperCase());

const command = (verb: WarningVerb): Operation => ({
  id: `${camel(verb)}Warning`,
  method: 'POST',
  path: `/v1/warnings/{id}/${verb}`,
  scope: 'warnings:write',
  tag: 'Warnings',
  summary: doors[verb].summary,
  ...(warningVerbs[verb].description !== undefined && { describes: warningVerbs[verb].description }),
  params: oneWarning,
  headers: {
    ...commandHeaders,
    'If-Match': { means: 'ETag of the warning as you know it, or `*`.', required: true },
  },
  bodies: { 'application/json': warningVerbs[verb] },
  bodyMayMiss: warningVerbs[verb].safeParse({}).success,
  answers: commandAnswers('Done; the warning as it is now.', Warning, OperationView),
  problems: allProblems(
    commandProblems,
    {
      400: ['GTW_IF_MATCH_INVALID'],
      403: ['WRN_NOT_OWNER'],
      404: ['WRN_NOT_FOUND'],
      409: ['WRN_STATE'],
      412: ['WRN_STALE'],
      428: ['WRN_IF_MATCH_REQUIRED'],
    },
    doors[verb].refusals ?? {},
  ),
});

export const warningCommands = Object.fromEntries(
  (Object.keys(doors) as WarningVerb[]).map((verb) => [verb, command(verb)]),
) as Readonly<Record<WarningVerb, Operation>>;
