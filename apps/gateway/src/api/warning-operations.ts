import {
  AreaPrefix,
  Colour,
  Operation as OperationView,
  riskGroups,
  Timeline,
  Warning,
  WarningExplanation,
  WarningPage,
  WarningStatus,
  warningVerbs,
  type RiskGroup,
  type WarningVerb,
} from '@linli/contracts';
import { z } from 'zod';
import { commandAnswers, commandHeaders } from './command-parts.js';
import type { Operation } from './operation.js';
import { allProblems, commandProblems, ownerProblems } from './problems.js';
import { cursor, instant, limit } from './query-types.js';

const tag = 'Warnings';
const one = z.object({ id: z.uuid().describe('Id of the warning.') });
const filters = {
  area: AreaPrefix.optional(),
  colour: Colour.optional(),
  status: WarningStatus.optional(),
  group: z
    .enum(Object.keys(riskGroups) as [RiskGroup, ...RiskGroup[]])
    .optional()
    .describe('Group of the category.'),
  since: instant.optional().describe('Changed at or after.'),
};

/** RFC 7946. */
export const WarningFeatures = z.object({
  type: z.literal('FeatureCollection'),
  features: z.array(
    z.looseObject({
      type: z.literal('Feature'),
      id: z.string(),
      geometry: z.looseObject({ type: z.literal('Point'), coordinates: z.array(z.number()) }).nullable(),
      properties: z.looseObject({}),
    }),
  ),
});

const read = (
  id: string,
  path: string,
  summary: string,
  more: Pick<Operation, 'answers'> & Partial<Operation>,
): Operation => ({
  id,
  method: 'GET',
  path: `/v1/warnings${path}`,
  scope: 'warnings:read',
  tag,
  summary,
  problems: allProblems(ownerProblems, more.params ? { 404: ['WRN_NOT_FOUND'] } : {}),
  ...more,
});

export const listWarnings = read('listWarnings', '', 'List warnings', {
  query: z.object({ ...filters, limit: limit.optional(), cursor: cursor.optional() }),
  answers: { 200: { means: 'A page, newest raised first.', body: WarningPage } },
});

export const warningFeatures = read('listWarningFeatures', '.geojson', 'Warnings as GeoJSON', {
  query: z.object({ ...filters, limit: limit.optional() }),
  answers: { 200: { means: 'A feature collection.', body: WarningFeatures, type: 'application/geo+json' } },
});

export const warningStream = read('streamWarnings', '/stream', 'Follow warnings as they change', {
  describes:
    'Server-sent events. `Last-Event-ID` continues where a stream broke. A comment every 15 seconds keeps it open; it ' +
    'ends when the key does. A `Last-Event-ID` that names no event here is refused: start without it.',
  headers: { 'Last-Event-ID': { means: 'Id of the last event seen.' } },
  problems: allProblems(ownerProblems, {
    400: ['GTW_LAST_EVENT_ID_INVALID', 'RSK_LAST_EVENT_ID_INVALID'],
    503: ['GTW_BUSY'],
  }),
  answers: { 200: { means: 'The stream.', body: z.string(), type: 'text/event-stream' } },
});

export const getWarning = read('getWarning', '/{id}', 'One warning', {
  params: one,
  describes:
    'The ETag names the version, for If-Match. The score may move under it: If-None-Match is not heeded, the warning is ' +
    'always answered whole.',
  answers: { 200: { means: 'The warning.', body: Warning, headers: { ETag: 'Version of the warning.' } } },
});

export const warningTimeline = read('getWarningTimeline', '/{id}/timeline', 'What happened to a warning', {
  params: one,
  answers: { 200: { means: 'Its facts in order.', body: Timeline } },
});

export const warningExplanation = read(
  'explainWarning',
  '/{id}/explanation',
  'Why a warning has its colour',
  {
    params: one,
    problems: allProblems(ownerProblems, { 404: ['WRN_NOT_FOUND'], 409: ['WRN_NOT_ASSESSED'] }),
    answers: { 200: { means: 'Factors, events, and what would lower it.', body: WarningExplanation } },
  },
);

const summaries: Readonly<Record<WarningVerb, string>> = {
  issue: 'Issue a candidate',
  dismiss: 'Dismiss a candidate',
  acknowledge: 'Acknowledge a warning',
  verify: 'Say what was found on site',
};

const refusedBodies: Readonly<Record<WarningVerb, readonly string[]>> = {
  issue: [],
  dismiss: ['WRN_REASON'],
  acknowledge: [],
  verify: ['WRN_EVIDENCE'],
};

const command = (verb: WarningVerb): Operation => ({
  id: `${verb}Warning`,
  method: 'POST',
  path: `/v1/warnings/{id}/${verb}`,
  scope: 'warnings:write',
  tag,
  summary: summaries[verb],
  params: one,
  headers: {
    ...commandHeaders,
    'If-Match': { means: 'ETag of the warning as you know it, or `*`.', required: true },
  },
  bodies: { 'application/json': warningVerbs[verb] },
  bodyMayMiss: verb === 'issue' || verb === 'acknowledge',
  answers: commandAnswers('Done; the warning as it is now.', Warning, OperationView),
  problems: allProblems(commandProblems, {
    400: ['GTW_IF_MATCH_INVALID'],
    403: verb === 'verify' ? ['WRN_NOT_OWNER', 'WRN_SELF_VERIFY'] : ['WRN_NOT_OWNER'],
    404: ['WRN_NOT_FOUND'],
    409: ['WRN_STATE'],
    412: ['WRN_STALE'],
    422: refusedBodies[verb],
    428: ['WRN_IF_MATCH_REQUIRED'],
  }),
});

export const warningCommands: Readonly<Record<WarningVerb, Operation>> = {
  issue: command('issue'),
  dismiss: command('dismiss'),
  acknowledge: command('acknowledge'),
  verify: command('verify'),
};

export const warningOperations = [
  listWarnings,
  warningFeatures,
  warningStream,
  getWarning,
  warningTimeline,
  warningExplanation,
  ...Object.values(warningCommands),
] as const;
