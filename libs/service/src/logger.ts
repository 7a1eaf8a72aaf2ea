import { pino, stdSerializers, type DestinationStream, type Logger, type SerializedError } from 'pino';

/** What a database's error tells of itself; the rest (parameters, the row, the place in a text) may tell of people. */
const told = new Set([
  ...['type', 'message', 'stack', 'query', 'code', 'severity'],
  ...['schema', 'table', 'column', 'constraint', 'routine'],
]);
const QUERY_SHOWN = 200;

const isSerialized = (value: unknown): value is SerializedError =>
  typeof value === 'object' && value !== null && 'stack' in value && 'message' in value;

/** TypeORM's QueryFailedError, or what pg threw: its fields are those of PostgreSQL's ErrorResponse. */
const isOfDatabase = (error: SerializedError): boolean =>
  ('query' in error && 'parameters' in error) || ('severity' in error && 'routine' in error);

/** A data exception (SQLSTATE class 22) quotes the value that it could not take. */
const withoutValue = (error: SerializedError): Partial<SerializedError> => {
  const { message, stack, code } = error as SerializedError & { readonly code?: unknown };
  if (typeof code !== 'string' || !code.startsWith('22')) return {};
  const masked = message.replace(/"[^]*"/u, '"…"');
  return { message: masked, stack: stack.replace(message, masked) };
};

const ofDatabase = (error: SerializedError): object => {
  const fields = Object.entries({ ...error, ...withoutValue(error) }).filter(([name]) => told.has(name));
  return Object.fromEntries(
    fields.map(([name, value]) => [name, name === 'query' ? String(value).slice(0, QUERY_SHOWN) : value]),
  );
};

const loggable = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(loggable);
  if (!isSerialized(value)) return value;
  if (isOfDatabase(value)) return ofDatabase(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, loggable(inner)]));
};

/** Writes JSON lines. An error is logged as `err`; what a database's error quotes of rows and parameters is left out. */
export const openLogger = (level: string, destination?: DestinationStream): Logger => {
  const options = { level, serializers: { err: (error: Error) => loggable(stdSerializers.err(error)) } };
  return destination === undefined ? pino(options) : pino(options, destination);
};
