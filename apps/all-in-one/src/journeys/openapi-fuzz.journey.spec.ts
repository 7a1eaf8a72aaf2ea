import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { nearly, type Schema } from './arbitrary.js';
import type { Client } from './client.js';
import { startSystem, type System } from './system.js';

interface Media {
  readonly schema?: Schema;
}
interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}
interface Described {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
}
interface Attempt {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly media: string | null;
  readonly body: unknown;
}

/** Streams do not end, and pages are for people. */
const isCallable = ({ operationId }: Described): boolean => !/stream/iu.test(operationId);
/** What the schema of an answer describes: of NDJSON each line. */
const bodiesOf = (body: unknown, type: string): unknown[] =>
  type === 'application/x-ndjson' && typeof body === 'string'
    ? body
        .split('\n')
        .filter(Boolean)
        .map((line): unknown => JSON.parse(line))
    : [body];
const RUNS = Number(process.env['LINLI_FUZZ_RUNS'] ?? 60);

describe('the API, fuzzed by its own description', () => {
  let system: System | null;
  let client: Client;
  let document: Document;
  let ajv: Ajv2020;
  const seen = new Map<string, Set<number>>();

  beforeAll(async () => {
    system = await startSystem('embedded');
    if (!system) throw new Error('the embedded system can always be had');
    client = system.client;
    document = (await client.get<Document & Record<string, unknown>>('/openapi.json')).body;
    ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema(document, 'openapi');
  }, 60_000);
  afterAll(() => system?.stop());

  const resolve = (ref: string): Schema =>
    ref
      .replace(/^#\//u, '')
      .split('/')
      .reduce((node: unknown, part) => (node as Record<string, unknown>)[part], document) as Schema;

  const attempts = (operation: Described): fc.Arbitrary<Attempt> => {
    const medias = Object.entries(operation.requestBody?.content ?? {});
    const body: fc.Arbitrary<{ media: string | null; body: unknown }> =
      medias.length === 0
        ? fc.constant({ media: null, body: undefined })
        : fc.oneof(
            ...medias.map(([media, { schema }]) =>
              nearly(schema ?? { type: 'string' }, resolve).map((value) => ({ media, body: value })),
            ),
          );
    const parameters = fc.record(
      Object.fromEntries(
        (operation.parameters ?? []).map(({ name, schema }) => [name, nearly(schema, resolve)]),
      ),
      {
        requiredKeys: (operation.parameters ?? []).filter(({ required }) => required).map(({ name }) => name),
      },
    );
    return fc.tuple(parameters, body).map(([given, sent]) => ({ parameters: given, ...sent }));
  };

  const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  const asHeader = (value: unknown): string => asText(value).replace(/[^\u0020-\u007e]/gu, '?');

  const send = async (path: string, method: string, operation: Described, attempt: Attempt) => {
    const of = (where: string) =>
      (operation.parameters ?? []).filter(({ name, in: at }) => at === where && name in attempt.parameters);
    const filled = of('path').reduce(
      (url, { name }) =>
        url.replace(`{${name}}`, encodeURIComponent(asText(attempt.parameters[name])) || '%20'),
      path,
    );
    const query = new URLSearchParams(
      of('query').map(({ name }): [string, string] => [name, asText(attempt.parameters[name])]),
    );
    const headers = Object.fromEntries(
      of('header').map(({ name }) => [name, asHeader(attempt.parameters[name])]),
    );
    const lines = attempt.media === 'application/x-ndjson';
    return client.call<unknown>(method, `${filled}${query.size > 0 ? `?${query.toString()}` : ''}`, {
      headers: { ...headers, ...(attempt.media ? { 'content-type': attempt.media } : {}) },
      ...(attempt.media === null
        ? {}
        : { body: lines ? asText(attempt.body) : JSON.stringify(attempt.body) }),
    });
  };

  const validators = new Map<string, ValidateFunction>();
  const validator = (pointer: string): ValidateFunction => {
    const known = validators.get(pointer);
    if (known) return known;
    const made = ajv.compile({ $ref: `openapi#${pointer}` });
    validators.set(pointer, made);
    return made;
  };
  const escape = (part: string): string =>
    encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));

  it('never answers 5xx, an undocumented status, or a body that is not as described', async () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, operation]) => isCallable(operation))
        .map(([method, operation]) => ({ path, method, operation })),
    );
    expect(operations.length).toBeGreaterThan(15);
    for (const { path, method, operation } of operations) {
      const statuses = new Set<number>();
      seen.set(operation.operationId, statuses);
      await fc.assert(
        fc.asyncProperty(attempts(operation), async (attempt) => {
          const answer = await send(path, method.toUpperCase(), operation, attempt);
          statuses.add(answer.status);
          const where = `${method} ${path} → ${answer.status} ${JSON.stringify(answer.body)}`;
          if (answer.status >= 500) throw new Error(`a fault of the server: ${where}`);
          const described = operation.responses[String(answer.status)];
          if (!described) throw new Error(`not documented: ${where}`);
          const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
          const contents = Object.keys(described.content ?? {});
          if (contents.length > 0 && !contents.includes(type)) throw new Error(`type ${type}: ${where}`);
          if (!described.content?.[type]?.schema || !type.includes('json')) return;
          const validate = validator(
            `/paths/${escape(path)}/${method}/responses/${answer.status}/content/${escape(type)}/schema`,
          );
          for (const body of bodiesOf(answer.body, type))
            if (!validate(body)) throw new Error(`${ajv.errorsText(validate.errors)}: ${where}`);
        }),
        { numRuns: RUNS, endOnFailure: true },
      );
    }
  }, 400_000);

  it('reached the inside: every operation was also answered with success or a refusal of the domain', () => {
    const inside = [...seen].filter(([, statuses]) =>
      [...statuses].some((status) => status < 300 || status === 404 || status === 409),
    );
    expect(inside.length / seen.size).toBeGreaterThan(0.7);
  });
});
