import {
  INTAKE_LIMITS,
  IntakeReceipt,
  Operation as OperationView,
  QuarantinePage,
  ReplayResult,
  riskCommands,
  RiskEvent,
  RiskEventFate,
  RiskEventSummary,
} from '@linli/contracts';
import { z } from 'zod';
import { commandHeaders, commandAnswers } from './command-parts.js';
import type { Operation } from './operation.js';
import { allProblems, commandProblems, ownerProblems } from './problems.js';
import { cursor, instant, limit } from './query-types.js';

const tag = 'Risk events';
const source = z.string().min(1).max(64).describe('Source of the events.');

export const CloudEventBody = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: z.string().min(1).describe('Fills `id` of the event when absent in data.'),
    source: z.string().min(1).describe('Fills `source` of the event when absent in data.'),
    type: z.string().min(1),
    time: z.iso.datetime({ offset: true }).optional().describe('Fills `occurredAt` when absent in data.'),
    data: z.looseObject({}).describe('Fields of a risk event.'),
  })
  .describe('CloudEvents 1.0, structured mode.');

/** Problem of a request none of whose items was taken. */
export const IntakeProblem = IntakeReceipt.extend({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  correlationId: z.string().optional(),
}).describe('RFC 9457 problem with the receipt of each item.');

export const postRiskEvents: Operation = {
  id: 'postRiskEvents',
  method: 'POST',
  path: '/v1/risk-events',
  scope: 'risk:write',
  tag,
  summary: 'Post risk events',
  describes:
    'One event, an array, NDJSON, or CloudEvents (structured, batch, binary with `ce-*` headers). Each item is judged by ' +
    'itself. An accepted event is stored exactly once by (source, id): sending it again is always safe. An unknown ' +
    'category or area is kept in quarantine. `index` counts items, from 0: empty lines of NDJSON are none, and what is wrong ' +
    'with a broken line names the line, from 1.\n\nCodes of items: `RSK_NOT_JSON` (a line of NDJSON), `RSK_FIELD_MISSING`, ' +
    '`RSK_FIELD_INVALID`, `RSK_IN_FUTURE` (more than 5 minutes), `RSK_TRIGGER_UNKNOWN`, `RSK_AREA_FORBIDDEN` (outside the ' +
    'areas of the key), `RSK_CLOUDEVENT_INVALID`; with status quarantined `RSK_CATEGORY_UNKNOWN`, `RSK_AREA_UNKNOWN`.',
  bodies: {
    'application/json': z.union([RiskEvent, z.array(RiskEvent).max(INTAKE_LIMITS.itemsPerRequest)]),
    'application/x-ndjson': 'text',
    'application/cloudevents+json': CloudEventBody,
    'application/cloudevents-batch+json': z.array(CloudEventBody).max(INTAKE_LIMITS.itemsPerRequest),
  },
  bodyLimit: INTAKE_LIMITS.bytesPerRequest,
  rawBody: true,
  answers: {
    202: { means: 'At least one item was taken; each item with what became of it.', body: IntakeReceipt },
    422: { means: 'No item was taken.', body: IntakeProblem, type: 'application/problem+json' },
  },
  problems: {
    400: ['RSK_BODY_NOT_JSON'],
    413: ['RSK_TOO_MANY_ITEMS', 'BODY_TOO_LARGE'],
    503: ['GTW_LOG_UNAVAILABLE', 'GTW_BUSY'],
  },
};

export const riskEventSummary: Operation = {
  id: 'riskEventSummary',
  method: 'GET',
  path: '/v1/risk-events/summary',
  scope: 'risk:read',
  tag,
  summary: 'Reconcile what was sent with what is stored',
  describes: 'Counts what is durably stored and scored, not what was merely accepted.',
  query: z.object({
    source: source.optional(),
    from: instant.optional().describe('At or after.'),
    to: instant.optional().describe('Before.'),
    by: z
      .enum(['received', 'occurred'])
      .optional()
      .describe('What `from` and `to` are about. Default `received`.'),
  }),
  answers: { 200: { means: 'The counts.', body: RiskEventSummary } },
  problems: ownerProblems,
};

export const riskEventFate: Operation = {
  id: 'riskEventFate',
  method: 'GET',
  path: '/v1/risk-events/{source}/{id}',
  scope: 'risk:read',
  tag,
  summary: 'What became of one event',
  params: z.object({ source, id: z.string().min(1).max(128) }),
  answers: { 200: { means: 'Its fate.', body: RiskEventFate } },
  problems: allProblems(ownerProblems, { 404: ['RSK_EVENT_NOT_FOUND'] }),
};

export const quarantine: Operation = {
  id: 'listQuarantine',
  method: 'GET',
  path: '/v1/risk-events/quarantine',
  scope: 'risk:read',
  tag,
  summary: 'Events in quarantine',
  describes: 'Events whose category or area is not known, and what is unknown, most frequent first.',
  query: z.object({ limit: limit.optional(), cursor: cursor.optional() }),
  answers: { 200: { means: 'A page.', body: QuarantinePage } },
  problems: allProblems(ownerProblems, { 400: ['QUERY_INVALID'] }),
};

export const replayQuarantine: Operation = {
  id: 'replayQuarantine',
  method: 'POST',
  path: '/v1/risk-events/quarantine/replay',
  scope: 'areas:write',
  tag,
  summary: 'Replay quarantined events after mapping',
  describes: 'Mappings are remembered: later events are mapped at the door. Needs a key for all areas.',
  headers: commandHeaders,
  bodies: { 'application/json': riskCommands['risk.replay-quarantine'] },
  bodyMayMiss: true,
  answers: commandAnswers('Replayed.', ReplayResult, OperationView),
  problems: allProblems(commandProblems, ownerProblems, { 403: ['GTW_AREA_LIMITED'], 422: ['RSK_MAPPING'] }),
};

export const eventOperations = [
  postRiskEvents,
  riskEventSummary,
  quarantine,
  riskEventFate,
  replayQuarantine,
] as const;
