import { Problem } from '@linli/contracts';
import type { z } from 'zod';
import type { Answer, Operation } from './operation.js';
import { accessProblems, allProblems, bodyProblems, queryProblems } from './problems.js';
import { Schemas } from './schemas.js';

type Json = Record<string, unknown>;

const PROBLEM = 'application/problem+json';

const titles: Readonly<Record<number, string>> = {
  400: 'Malformed.',
  401: 'No valid API key.',
  403: 'Not allowed.',
  404: 'Not found.',
  409: 'In conflict with the state.',
  410: 'Gone.',
  412: 'Somebody was faster: the version is another one.',
  413: 'Too large.',
  415: 'Media type, content coding or charset not taken.',
  422: 'Well-formed, but not acceptable.',
  428: 'A precondition is required.',
  503: 'Something needed is away; try again.',
};

const problemHeaders: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'WWW-Authenticate': 'Bearer.' },
  415: { 'Accept-Encoding': '`identity`, when the content coding was not taken.' },
  503: { 'Retry-After': 'Seconds.' },
};

/** Every problem that an operation can answer with, by status. */
export const problemsOf = (operation: Operation): Record<number, string[]> =>
  allProblems(
    operation.scope === null ? {} : accessProblems,
    operation.bodies ? bodyProblems : {},
    operation.method === 'GET' && operation.scope !== null ? queryProblems : {},
    operation.problems ?? {},
  );

const headersOf = (headers: Answer['headers'] = {}): Json =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );

const answerOf = (schemas: Schemas, { means, body, type = 'application/json', headers }: Answer): Json => ({
  description: means,
  ...(headers ? { headers: headersOf(headers) } : {}),
  ...(body ? { content: { [type]: { schema: schemas.of(body) } } } : {}),
});

const problemOf = (schemas: Schemas, status: number, codes: readonly string[]): Json => ({
  description: `${titles[status]} \`${codes.join('`, `')}\``,
  ...(problemHeaders[status] ? { headers: headersOf(problemHeaders[status]) } : {}),
  content: { [PROBLEM]: { schema: schemas.of(Problem) } },
});

const responsesOf = (schemas: Schemas, operation: Operation): Json => {
  const problems = Object.entries(problemsOf(operation)).map(
    ([status, codes]) => [status, problemOf(schemas, Number(status), codes)] as const,
  );
  const answers = Object.entries(operation.answers).map(
    ([status, answer]) => [status, answerOf(schemas, answer)] as const,
  );
  return Object.fromEntries([...problems, ...answers]);
};

const parametersIn = (schemas: Schemas, where: 'path' | 'query', object: z.ZodObject | undefined): Json[] =>
  Object.entries((object?.shape ?? {}) as Record<string, z.ZodType>).map(([name, schema]) => {
    const { description, ...json } = schemas.of(schema, 'output');
    return {
      name,
      in: where,
      required: where === 'path' || !schema.safeParse(undefined).success,
      ...(description === undefined ? {} : { description }),
      schema: json,
    };
  });

const parametersOf = (schemas: Schemas, operation: Operation): Json[] => [
  ...parametersIn(schemas, 'path', operation.params),
  ...parametersIn(schemas, 'query', operation.query),
  ...Object.entries(operation.headers ?? {}).map(([name, { means, required = false }]) => ({
    name,
    in: 'header',
    required,
    description: means,
    schema: { type: 'string' },
  })),
];

const bodyOf = (schemas: Schemas, { bodies, bodyMayMiss = false }: Operation): Json =>
  bodies
    ? {
        requestBody: {
          required: !bodyMayMiss,
          content: Object.fromEntries(
            Object.entries(bodies).map(([type, schema]) => [
              type,
              { schema: schema === 'text' ? { type: 'string' } : schemas.of(schema) },
            ]),
          ),
        },
      }
    : {};

const operationOf = (schemas: Schemas, operation: Operation): Json => {
  const parameters = parametersOf(schemas, operation);
  const needs =
    operation.scope === null || operation.scope === 'any' ? '' : `Scope: \`${operation.scope}\`. `;
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    description: `${needs}${operation.describes ?? ''}`.trim() || operation.summary,
    security: operation.scope === null ? [] : [{ apiKey: [] }],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...bodyOf(schemas, operation),
    responses: responsesOf(schemas, operation),
  };
};

const tags: Readonly<Record<string, string>> = {
  'Risk events': 'Signals of urban-brain systems: in, and what became of them.',
  Warnings: 'Three-colour work prompts: read them, follow them, act on them.',
  Risk: 'Warnings taken together: how good they were, where they are, how colours are named.',
  Silences: 'Notifications of new warnings that are muted for a while.',
  'Second looks': 'One warning in ten is verified twice, to know how good the labels are.',
  Incidents: 'What happened, by the records of others: what recall is measured against.',
  Catalogue: 'Categories and triggers.',
  Areas: 'Division codes, grids, neighbours.',
  Calendars: 'Working days and office hours, and deadlines reckoned by them.',
  SLA: 'Deadlines as operators watch them: queues, items, a forecast, what a change would move. Needs the scope `ops`.',
  Operations: 'Commands that were accepted and are not done yet.',
  Operators: 'What is stuck, and how it is mended. Needs the scope `ops`, over all tenants and areas.',
  'API keys': 'Who may do what, and where.',
  About: 'The document, health, metrics.',
};

const about = {
  title: 'Linli',
  version: '1',
  license: { name: 'MIT', identifier: 'MIT' },
  description:
    'Risk events in, three-colour warnings out. Errors are RFC 9457 problem documents with a stable `code`. Every answer ' +
    'carries `X-Correlation-Id`.',
};

/** The OpenAPI 3.1 document of a table of operations. */
export const openApiOf = (operations: readonly Operation[]): Json => {
  const schemas = new Schemas();
  const paths: Record<string, Json> = {};
  const listed = operations.filter(({ unlisted }) => !unlisted);
  for (const operation of listed) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: operationOf(schemas, operation),
    };
  }
  return {
    openapi: '3.1.0',
    info: about,
    servers: [{ url: '/' }],
    tags: [...new Set(listed.map(({ tag }) => tag))].map((name) => ({
      name,
      description: tags[name] ?? name,
    })),
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `lk_…`.' } },
      schemas: schemas.components,
    },
  };
};
