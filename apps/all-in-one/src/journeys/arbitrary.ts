import * as fc from 'fast-check';

/** The part of JSON Schema 2020-12 that the API description uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly items?: Schema | false;
  readonly prefixItems?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

export type Resolve = (ref: string) => Schema;

const instants = fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });

const texts = (schema: Schema): fc.Arbitrary<unknown> => {
  if (schema.format === 'date-time') return instants.map((date) => date.toISOString());
  if (schema.format === 'uuid') return fc.uuid();
  if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern, 'u'));
  return fc.string({
    minLength: schema.minLength ?? 0,
    maxLength: Math.min(schema.maxLength ?? 40, 200),
    unit: 'binary',
  });
};

const numbers = (schema: Schema, whole: boolean): fc.Arbitrary<unknown> => {
  const min = schema.minimum ?? schema.exclusiveMinimum ?? -1e6;
  const max = Math.min(schema.maximum ?? 1e6, 1e9);
  return whole
    ? fc.integer({ min: Math.ceil(Math.max(min, -1e9)), max })
    : fc.double({ min, max, noNaN: true });
};

const objects = (schema: Schema, resolve: Resolve): fc.Arbitrary<unknown> => {
  const known = Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, part]) => [name, matching(part, resolve)]),
  );
  const record = fc.record(known, { requiredKeys: (schema.required ?? []).filter((name) => name in known) });
  if (typeof schema.additionalProperties !== 'object') return record;
  return fc
    .tuple(
      record,
      fc.dictionary(fc.string({ maxLength: 20 }), matching(schema.additionalProperties, resolve), {
        maxKeys: 3,
      }),
    )
    .map(([own, more]) => ({ ...more, ...own }));
};

const byType = (type: string, schema: Schema, resolve: Resolve): fc.Arbitrary<unknown> => {
  switch (type) {
    case 'string':
      return texts(schema);
    case 'integer':
      return numbers(schema, true);
    case 'number':
      return numbers(schema, false);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return schema.prefixItems
        ? fc.tuple(...schema.prefixItems.map((part) => matching(part, resolve)))
        : fc.array(schema.items ? matching(schema.items, resolve) : fc.jsonValue(), { maxLength: 5 });
    case 'object':
      return objects(schema, resolve);
    default:
      return fc.jsonValue();
  }
};

/** Values that the schema allows. */
export const matching = (schema: Schema, resolve: Resolve): fc.Arbitrary<unknown> => {
  if (schema.$ref !== undefined) return matching(resolve(schema.$ref), resolve);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if ('const' in schema) return fc.constant(schema.const);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map((choice) => matching(choice, resolve)));
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? [undefined]);
  return fc.oneof(...types.map((type) => byType(type ?? 'any', schema, resolve)));
};

/** Mostly values that the schema allows, now and then anything at all, or a good value with one part spoilt. */
export const nearly = (schema: Schema, resolve: Resolve): fc.Arbitrary<unknown> => {
  const good = matching(schema, resolve);
  const spoilt = fc.tuple(good, fc.nat(), fc.jsonValue()).map(([value, pick, junk]) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return junk;
    const names = Object.keys(value);
    return names.length === 0 ? { junk } : { ...value, [names[pick % names.length] ?? '']: junk };
  });
  return fc.oneof(
    { weight: 5, arbitrary: good },
    { weight: 3, arbitrary: spoilt },
    { weight: 1, arbitrary: fc.jsonValue() },
  );
};
