import {
  AreaPrefix,
  Incident,
  IncidentPage,
  IncidentWithdrawal,
  NewIncident,
  Operation as OperationView,
} from '@linli/contracts';
import { z } from 'zod';
import { commandAnswers, commandHeaders } from './command-parts.js';
import type { Operation } from './operation.js';
import { allProblems, commandProblems, ownerProblems } from './problems.js';
import { cursor, instant, limit } from './query-types.js';

const tag = 'Incidents';

export const listIncidents: Operation = {
  id: 'listIncidents',
  method: 'GET',
  path: '/v1/risk/incidents',
  scope: 'warnings:read',
  tag,
  summary: 'What happened, by the records of others',
  query: z.object({
    area: AreaPrefix.optional(),
    from: instant.optional().describe('Happened at or after.'),
    to: instant.optional().describe('Happened before.'),
    limit: limit.optional(),
    cursor: cursor.optional(),
  }),
  answers: { 200: { means: 'A page, what happened last first.', body: IncidentPage } },
  problems: ownerProblems,
};

export const recordIncident: Operation = {
  id: 'recordIncident',
  method: 'POST',
  path: '/v1/risk/incidents',
  scope: 'warnings:write',
  tag,
  summary: 'Record that a risk became an event',
  describes:
    'So that the recall of GET /v1/risk/accuracy knows also of what nobody was warned of. A warning that was closed as ' +
    'an event needs no record; one that names such a warning is counted once. Source and reference name one event.',
  headers: commandHeaders,
  bodies: { 'application/json': NewIncident },
  answers: commandAnswers('Recorded.', Incident, OperationView),
  problems: allProblems(commandProblems, {
    403: ['AREA_FORBIDDEN'],
    409: ['RSK_INCIDENT_KNOWN'],
    422: ['RSK_INCIDENT_INVALID'],
  }),
};

export const withdrawIncident: Operation = {
  id: 'withdrawIncident',
  method: 'POST',
  path: '/v1/risk/incidents/{id}/withdraw',
  scope: 'warnings:write',
  tag,
  summary: 'Withdraw a record that was wrong',
  describes: 'It stays visible, with who withdrew it, when and why, and does not count any more.',
  params: z.object({ id: z.uuid().describe('Id of the incident.') }),
  headers: commandHeaders,
  bodies: { 'application/json': IncidentWithdrawal },
  answers: commandAnswers('Withdrawn.', Incident, OperationView),
  problems: allProblems(commandProblems, { 404: ['RSK_INCIDENT_NOT_FOUND'] }),
};

export const incidentOperations = [listIncidents, recordIncident, withdrawIncident] as const;
