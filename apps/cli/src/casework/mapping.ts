import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

/** One line of `data/casework-mapping.csv`: what a kind of casework is among our categories, and why. */
export const MappingRow = z.object({
  complaint_type: z.string(),
  descriptor: z.string().describe('As in the source; `*` = every other descriptor of the type.'),
  category: z.string(),
  severity: z.coerce.number(),
  note: z.string(),
});
export type MappingRow = z.infer<typeof MappingRow>;

export interface Counterpart {
  readonly category: string;
  readonly severity: number;
}

const keyOf = (type: string, descriptor: string): string => `${type}\n${descriptor}`;

export const readMapping = (): MappingRow[] =>
  z
    .array(MappingRow)
    .parse(
      parse(readFileSync(new URL('../../data/casework-mapping.csv', import.meta.url)), { columns: true }),
    );

/** Finds the counterpart of a kind of casework; undefined when it honestly has none. */
export const counterparts = (rows: readonly MappingRow[]) => {
  const table = new Map(rows.map((row) => [keyOf(row.complaint_type, row.descriptor), row]));
  return (type: string, descriptor: string): Counterpart | undefined =>
    table.get(keyOf(type, descriptor)) ?? table.get(keyOf(type, '*'));
};
