import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { openApiOf, operations, type Operation } from './index.js';

interface Content {
  readonly content?: Readonly<Record<string, unknown>>;
}
type Paths = Readonly<
  Record<string, Readonly<Record<string, { responses: Readonly<Record<string, Content>> }>>>
>;

const document = openApiOf(operations);
const ajv = new Ajv2020({ strict: false, allErrors: true });
(formats as unknown as (ajv: Ajv2020) => void)(ajv);
ajv.addSchema(document, 'api');

const matches = ({ path }: Operation, asked: string): boolean =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{[a-z]+\}/gu, '[^/]+')}$`, 'u').test(asked);

const pointer = (...parts: readonly string[]): string =>
  parts.map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');

const validators = new Map<string, ValidateFunction>();
const validatorOf = (at: string): ValidateFunction => {
  const known = validators.get(at) ?? ajv.compile({ $ref: `api#${at}` });
  validators.set(at, known);
  return known;
};

/** What the fake owner says is not the gateway's to keep; its own answers and all problems are. */
const isOwn = (operation: Operation, status: number): boolean =>
  status >= 400
    ? status !== 404 || !operation.problems?.[404]?.[0]?.startsWith('WRN')
    : status !== 200 || !operation.problems?.[503];

/** Fails when the OpenAPI document does not hold an answer: its status, its media type, its body. */
export const documented = async (method: string, path: string, response: Response): Promise<void> => {
  const [asked = ''] = path.split('?', 1);
  const operation =
    operations.find((one) => one.method === method && one.path === asked) ??
    operations.find((one) => one.method === method && matches(one, asked));
  if (
    !operation ||
    operation.unlisted ||
    response.headers.get('content-type')?.startsWith('text/event-stream')
  ) {
    return;
  }
  const where = `${method} ${operation.path} ${response.status}`;
  const entry = (document['paths'] as Paths)[operation.path]?.[method.toLowerCase()]?.responses[
    response.status
  ];
  if (!entry) {
    throw new Error(`${where} is not documented: ${await response.clone().text()}`);
  }
  const type = response.headers.get('content-type')?.split(';', 1)[0];
  if (type && !entry.content?.[type]) {
    throw new Error(`${where} has the undocumented type ${type}`);
  }
  if (type?.endsWith('json') && isOwn(operation, response.status)) {
    const at = pointer('paths', operation.path, method.toLowerCase(), 'responses', String(response.status));
    const validate = validatorOf(`${at}${pointer('content', type, 'schema')}`);
    if (!validate(await response.clone().json())) {
      throw new Error(`${where}: ${ajv.errorsText(validate.errors)}`);
    }
  }
};
