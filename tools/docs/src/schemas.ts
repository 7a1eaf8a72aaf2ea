import { calendarCommands, riskCommands, riskFacts } from '@linli/contracts';
import { z } from 'zod';

type JsonSchema = Readonly<Record<string, unknown>>;

/** A contract as JSON Schema 2020-12: what a sender may write. */
const schemaOf = (contract: z.ZodType): JsonSchema => z.toJSONSchema(contract, { io: 'input' });

const identified = (id: string, contract: z.ZodType): JsonSchema => {
  const { $schema, ...rest } = schemaOf(contract);
  return { $schema, $id: `urn:linli:schema:${id}`, title: id, ...rest };
};

/** Every fact and command by its type, as JSON Schema 2020-12. */
export const schemas = (): ReadonlyMap<string, JsonSchema> =>
  new Map([
    ...riskFacts.map((fact) => [fact.type, identified(fact.type, fact.data)] as const),
    ...Object.entries({ ...riskCommands, ...calendarCommands }).map(
      ([type, data]) => [type, identified(type, data)] as const,
    ),
  ]);
