import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';

/** One grid of the synthetic district: a zip of a community board (`data/README.md`). */
const Cell = z.object({
  area: z.string(),
  community: z.string(),
  grid: z.string(),
  community_board: z.string(),
  zip: z.string(),
});
export type Cell = z.infer<typeof Cell>;

/** The synthetic district, all of it under this code. */
export const DISTRICT = '330106';

export const streets: ReadonlyMap<string, string> = new Map([
  ['330106001', 'Manhattan'],
  ['330106002', 'Bronx'],
  ['330106003', 'Brooklyn'],
  ['330106004', 'Queens'],
  ['330106005', 'Staten Island'],
]);

export const streetOf = (area: string): string => area.slice(0, 9);

export const readDistrict = (): Cell[] =>
  z
    .array(Cell)
    .parse(parse(readFileSync(new URL('../../data/district.csv', import.meta.url)), { columns: true }));

/** Parts of one zip that lie in several communities touch each other: the only neighbours that the data shows. */
const neighboursOf = (cell: Cell, cells: readonly Cell[]) =>
  cells
    .filter(({ zip, grid }) => zip === cell.zip && grid !== cell.grid)
    .map(({ area, grid }) => ({ area, grid }));

/** The body of `POST /v1/areas`. */
export const districtBody = (cells: readonly Cell[]) => ({
  areas: [...new Map(cells.map(({ area, community }) => [area, community]))].map(([code, name]) => ({
    code,
    name,
  })),
  grids: cells.map((cell) => ({ area: cell.area, grid: cell.grid, neighbours: neighboursOf(cell, cells) })),
});
