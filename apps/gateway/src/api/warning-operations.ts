import {
  AreaPrefix,
  Colour,
  DeadlineExplanation,
  DeadlineList,
  riskGroups,
  Timeline,
  Warning,
  WarningExplanation,
  WarningPage,
  WarningStatus,
  type RiskGroup,
} from '@linli/contracts';
import { z } from 'zod';
import type { Operation } from './operation.js';
import { allProblems, ownerProblems } from './problems.js';
import { cursor, instant, limit, yesOrNo } from './query-types.js';

const tag = 'Warnings';
export const oneWarning = z.object({ id: z.uuid().describe('Id of the warning.') });
const exercise = yesOrNo
  .optional()
  .describe('Only exercises, or only what is real. Absent: both, each marked.');
const filters = {
  area: AreaPrefix.optional(),
  colour: Colour.optional(),
  status: WarningStatus.optional(),
  group: z
    .enum(Object.keys(riskGroups) as [RiskGroup, ...RiskGroup[]])
    .optional()
    .describe('Group of the category.'),
  exercise,
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
  query: z.object({ exercise }),
  headers: { 'Last-Event-ID': { means: 'Id of the last event seen.' } },
  problems: allProblems(ownerProblems, {
    400: ['GTW_LAST_EVENT_ID_INVALID', 'RSK_LAST_EVENT_ID_INVALID'],
    503: ['GTW_BUSY'],
  }),
  answers: { 200: { means: 'The stream.', body: z.string(), type: 'text/event-stream' } },
});

export const getWarning = read('getWarning', '/{id}', 'One warning', {
  params: oneWarning,
  describes:
    'The ETag names the version, for If-Match. The score may move under it: If-None-Match is not heeded, the warning is ' +
    'always answered whole.',
  answers: { 200: { means: 'The warning.', body: Warning, headers: { ETag: 'Version of the warning.' } } },
});

export const warningTimeline = read('getWarningTimeline', '/{id}/timeline', 'What happened to a warning', {
  params: oneWarning,
  answers: { 200: { means: 'Its facts in order.', body: Timeline } },
});

export const warningExplanation = read(
  'explainWarning',
  '/{id}/explanation',
  'Why a warning has its colour',
  {
    params: oneWarning,
    problems: allProblems(ownerProblems, { 404: ['WRN_NOT_FOUND'], 409: ['WRN_NOT_ASSESSED'] }),
    answers: { 200: { means: 'Factors, events, and what would lower it.', body: WarningExplanation } },
  },
);

export const warningDeadlines = read(
  'listWarningDeadlines',
  '/{id}/deadlines',
  'The deadlines of a warning, running and over',
  {
    params: oneWarning,
    describes:
      'Every clock that was started for it: due, time left, who let it stand still and why, what was reached on its ' +
      'ladder, and under which supervision a miss stands.',
    answers: { 200: { means: 'All of them, in the order of their start.', body: DeadlineList } },
  },
);

export const explainDeadline: Operation = {
  id: 'explainDeadline',
  method: 'GET',
  path: '/v1/deadlines/{id}/explanation',
  scope: 'warnings:read',
  tag,
  summary: 'Why a deadline is due when it is',
  params: z.object({ id: z.uuid().describe('Id of the deadline.') }),
  describes:
    'Every stretch of its time: counted, skipped or suspended, and why; those counted sum to the budget. And every ' +
    'change of it, by whom and why.',
  answers: { 200: { means: 'Intervals and ledger.', body: DeadlineExplanation } },
  problems: allProblems(ownerProblems, { 404: ['DEADLINE_NOT_FOUND', 'WRN_NOT_FOUND'] }),
};

export const warningOperations = [
  listWarnings,
  warningFeatures,
  warningStream,
  getWarning,
  warningTimeline,
  warningExplanation,
  warningDeadlines,
  explainDeadline,
] as const;
