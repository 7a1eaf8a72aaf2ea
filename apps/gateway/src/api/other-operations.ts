import { Colour, Operation as OperationView, riskCommands } from '@linli/contracts';
import { z } from 'zod';
import { commandAnswers, commandHeaders } from './command-parts.js';
import type { Operation } from './operation.js';
import { allProblems, commandProblems, ownerProblems } from './problems.js';

export const RiskCategories = z.object({
  version: z.string().describe('Version of the catalogue; stored with every decision that used it.'),
  items: z.array(
    z.object({
      code: z.string(),
      slug: z.string(),
      name: z.string(),
      group: z.string(),
      weight: z.int().min(1).max(5),
      traditional: z.boolean(),
      floor: Colour.nullable(),
      emergencyClass: z.enum(['ND', 'AD', 'PH', 'SS']).nullable(),
      lead: z.string(),
      sensitive: z.boolean(),
    }),
  ),
});

export const RiskTriggers = z.object({
  items: z.array(
    z.object({ name: z.string(), colour: Colour, zh: z.string(), meaning: z.string(), source: z.string() }),
  ),
});

export const listCategories: Operation = {
  id: 'listRiskCategories',
  method: 'GET',
  path: '/v1/risk-categories',
  scope: 'any',
  tag: 'Catalogue',
  summary: 'The 98 categories of risk',
  answers: { 200: { means: 'All of them, with the version of the table.', body: RiskCategories } },
};

export const listTriggers: Operation = {
  id: 'listRiskTriggers',
  method: 'GET',
  path: '/v1/risk-triggers',
  scope: 'any',
  tag: 'Catalogue',
  summary: 'Named facts that set a colour by themselves',
  answers: { 200: { means: 'All of them.', body: RiskTriggers } },
};

/** What `POST /v1/areas` answers when done. */
export const LoadedAreas = z.object({ areas: z.int(), grids: z.int() }).describe('How many were loaded.');

export const loadAreas: Operation = {
  id: 'loadAreas',
  method: 'POST',
  path: '/v1/areas',
  scope: 'areas:write',
  tag: 'Areas',
  summary: 'Load areas, grids and their neighbours',
  describes:
    'Adds or replaces. A tenant that loaded none accepts every well-formed code. Needs a key for all areas.',
  headers: commandHeaders,
  bodies: { 'application/json': riskCommands['risk.load-areas'] },
  bodyLimit: 1024 * 1024,
  answers: commandAnswers('Loaded.', LoadedAreas, OperationView),
  problems: allProblems(commandProblems, { 403: ['GTW_AREA_LIMITED'] }),
};

export const getOperation: Operation = {
  id: 'getOperation',
  method: 'GET',
  path: '/v1/operations/{token}',
  scope: 'any',
  tag: 'Operations',
  summary: 'What became of a command',
  describes: 'For whom it was accepted, and for keys of the tenant that are not limited to areas.',
  params: z.object({ token: z.string().max(1024) }),
  answers: { 200: { means: 'Pending, or how it ended.', body: OperationView } },
  problems: allProblems(ownerProblems, { 404: ['GTW_OPERATION_NOT_FOUND'], 410: ['GTW_OPERATION_GONE'] }),
};

const open = (id: string, path: string, summary: string, answer: Operation['answers']): Operation => ({
  id,
  method: 'GET',
  path,
  scope: null,
  tag: 'About',
  summary,
  answers: answer,
});

export const Health = z.object({ status: z.string(), reasons: z.array(z.string()) });
const health = { body: Health, type: 'application/json' };

/** Served by the kit on every service, listed here so that the document holds all there is. */
export const healthOperations = [
  open('live', '/livez', 'Is the process alive', {
    200: { means: 'Alive.', ...health },
    503: { means: 'Restart it.', ...health },
  }),
  open('ready', '/readyz', 'Can it take requests', {
    200: { means: 'Ready.', ...health },
    503: { means: 'Not now, and why.', ...health },
  }),
  open('metrics', '/metrics', 'Metrics for Prometheus', {
    200: { means: 'Text exposition.', body: z.string(), type: 'text/plain' },
  }),
] as const;

export const openApi: Operation = open('openApi', '/openapi.json', 'This document', {
  200: { means: 'OpenAPI 3.1.', body: z.looseObject({ openapi: z.string() }) },
});

export const root: Operation = {
  ...open('root', '/', 'Leads to that page', {
    302: { means: 'See there.', headers: { Location: '`/docs`' } },
  }),
  unlisted: true,
};

export const docsPage: Operation = {
  ...open('docsPage', '/docs', 'A page to read and try the API', {
    200: { means: 'HTML.', body: z.string(), type: 'text/html' },
  }),
  unlisted: true,
};

export const slashedDocsPage: Operation = { ...docsPage, id: 'slashedDocsPage', path: '/docs/' };

export const docsFile: Operation = {
  ...open('docsFile', '/docs/{file}', 'A file of that page', {
    200: { means: 'The file.' },
  }),
  unlisted: true,
};

export const otherOperations = [
  listCategories,
  listTriggers,
  loadAreas,
  getOperation,
  openApi,
  root,
  docsPage,
  slashedDocsPage,
  docsFile,
] as const;
