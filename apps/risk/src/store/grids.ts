import { instants, texts, type Transaction } from '@linli/store';

export interface Grid {
  readonly tenant: string;
  readonly area: string;
  readonly grid: string;
}

export const textOfGrid = ({ tenant, area, grid }: Grid): string => `${tenant}\n${area}\n${grid}`;

/** `near` is loaded as a neighbour of `of`: its signals count half there. Not the other way round. */
export interface Neighbourhood {
  readonly of: Grid;
  readonly near: Grid;
}

/** When a category group last had a signal in a grid. */
export interface Activity extends Grid {
  readonly group: string;
  readonly lastAt: number;
}

const gridColumns = (grids: readonly Grid[]): Buffer[] => [
  texts(grids, (g) => g.tenant),
  texts(grids, (g) => g.area),
  texts(grids, (g) => g.grid),
];

/** Each grid once: a join would give its rows as often as it is named. */
const asked = (grids: readonly Grid[]): Buffer[] =>
  gridColumns([...new Map(grids.map((grid) => [textOfGrid(grid), grid])).values()]);

interface NeighbourRow extends Grid {
  readonly near_area: string;
  readonly near_grid: string;
}

const neighbourhoodOf = ({ tenant, area, grid, near_area, near_grid }: NeighbourRow): Neighbourhood => ({
  of: { tenant, area, grid },
  near: { tenant, area: near_area, grid: near_grid },
});

const NEIGHBOURS = 'SELECT n.tenant, n.area, n.grid, n.near_area, n.near_grid FROM risk_neighbour n';
const GRIDS = 'unnest($1::text[], $2::text[], $3::text[]) AS g (tenant, area, grid)';

export const grids = {
  async neighboursOf(tx: Transaction, of: readonly Grid[]): Promise<Neighbourhood[]> {
    if (of.length === 0) return [];
    const sql = `${NEIGHBOURS} JOIN ${GRIDS} USING (tenant, area, grid)`;
    return (await tx.query<NeighbourRow>(sql, asked(of))).map(neighbourhoodOf);
  },

  /** The grids that name one of `near` as their neighbour. */
  async thatName(tx: Transaction, near: readonly Grid[]): Promise<Neighbourhood[]> {
    if (near.length === 0) return [];
    const sql = `${NEIGHBOURS} JOIN ${GRIDS} ON n.tenant = g.tenant AND n.near_area = g.area AND n.near_grid = g.grid`;
    return (await tx.query<NeighbourRow>(sql, asked(near))).map(neighbourhoodOf);
  },

  /** Replaces the neighbours of the grids `of`. */
  async replaceNeighbours(
    tx: Transaction,
    of: readonly Grid[],
    loaded: readonly Neighbourhood[],
  ): Promise<void> {
    if (of.length === 0) return;
    await tx.execute(
      `DELETE FROM risk_neighbour n USING ${GRIDS}
       WHERE n.tenant = g.tenant AND n.area = g.area AND n.grid = g.grid`,
      asked(of),
    );
    await tx.execute(
      `INSERT INTO risk_neighbour (tenant, area, grid, near_area, near_grid)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[]) ON CONFLICT DO NOTHING`,
      [
        ...gridColumns(loaded.map((one) => one.of)),
        texts(loaded, (one) => one.near.area),
        texts(loaded, (one) => one.near.grid),
      ],
    );
  },

  async activityIn(tx: Transaction, within: readonly Grid[]): Promise<Activity[]> {
    if (within.length === 0) return [];
    return tx.query<Activity>(
      `SELECT a.tenant, a.area, a.grid, a.category_group AS "group",
         floor(extract(epoch FROM a.last_at) * 1000)::bigint AS "lastAt"
       FROM risk_grid_activity a JOIN ${GRIDS} USING (tenant, area, grid)`,
      asked(within),
    );
  },

  /** Never moves back: any order gives the same. */
  async noteActivity(tx: Transaction, seen: readonly Activity[]): Promise<void> {
    if (seen.length === 0) return;
    await tx.execute(
      `INSERT INTO risk_grid_activity AS a (tenant, area, grid, category_group, last_at)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]) ORDER BY 1, 2, 3, 4
       ON CONFLICT (tenant, area, grid, category_group) DO UPDATE SET last_at = excluded.last_at
         WHERE a.last_at < excluded.last_at`,
      [...gridColumns(seen), texts(seen, ({ group }) => group), instants(seen, ({ lastAt }) => lastAt)],
    );
  },

  /** Ids of the grid places in some grids, with their category and whether they are of an exercise. */
  async placesIn(
    tx: Transaction,
    within: readonly Grid[],
  ): Promise<(Grid & { id: string; category: string; exercise: boolean })[]> {
    if (within.length === 0) return [];
    return tx.query(
      `SELECT p.id, p.category, p.tenant, p.area, p.scope_name AS grid, p.exercise FROM risk_place p
       JOIN ${GRIDS} ON p.tenant = g.tenant AND p.area = g.area AND p.scope_name = g.grid
       WHERE p.scope_kind = 'grid'`,
      asked(within),
    );
  },
};
