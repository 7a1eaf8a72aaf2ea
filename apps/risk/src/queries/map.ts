import { colourIn, colourOf, type Boundary, type Principal, type RiskMap } from '@linli/contracts';
import type { Database } from '@linli/store';
import type { Level } from '../domain/colour.js';
import { register } from '../store/register.js';
import { scoped } from './find-warnings.js';

/** Digits of a division code by level (domain notes 6.2). */
export const digitsOf = { district: 6, street: 9, community: 12 } as const;
export type MapLevel = keyof typeof digitsOf;

export interface MapFilter {
  readonly area?: string | undefined;
  readonly level?: MapLevel | undefined;
}

interface Row {
  readonly code: string;
  readonly name: string | null;
  readonly boundary: Boundary | null;
  readonly level: Level;
  readonly red: number;
  readonly orange: number;
  readonly yellow: number;
  readonly candidates: number;
  readonly monitoring: number;
  readonly exercises: number;
}

const ISSUED = `w.status IN ('issued', 'acknowledged', 'confirmed', 'disposing', 'external')`;
/** Issued, real, and somebody must still do something. */
const OPEN = `${ISSUED} AND NOT w.exercise`;

const countsBy = (digits: number, where: string): string => `
  SELECT left(w.area, ${digits}) AS code, max(w.level) FILTER (WHERE ${OPEN}) AS level,
    count(*) FILTER (WHERE ${OPEN} AND w.level = 3) AS red,
    count(*) FILTER (WHERE ${OPEN} AND w.level = 2) AS orange,
    count(*) FILTER (WHERE ${OPEN} AND w.level = 1) AS yellow,
    count(*) FILTER (WHERE w.status = 'candidate' AND NOT w.exercise) AS candidates,
    count(*) FILTER (WHERE w.status = 'monitoring' AND NOT w.exercise) AS monitoring,
    count(*) FILTER (WHERE w.exercise) AS exercises
  FROM warning w WHERE ${where} AND (${ISSUED} OR w.status IN ('candidate', 'monitoring')) GROUP BY 1`;

const featureOf = (row: Row, palette: string | null): RiskMap['features'][number] => {
  const colour = colourOf(row.level);
  const { code, name, boundary, red, orange, yellow, candidates, monitoring, exercises } = row;
  return {
    type: 'Feature',
    id: code,
    geometry: boundary,
    properties: {
      ...{ area: code, name, colour, colourName: colour && colourIn(palette, colour) },
      ...{ red, orange, yellow, candidates, monitoring, exercises },
    },
  };
};

/** The areas of a level that the tenant loaded or has warnings in, with their colour, as far as the principal sees. */
export const riskMap = async (
  database: Database,
  principal: Principal,
  { area, level = 'community' }: MapFilter,
): Promise<RiskMap> => {
  const digits = digitsOf[level];
  const { sql, parameters } = scoped(principal).addIf(area, 'w.area ^@ ?');
  const [areas, within] = [principal.areas, area ?? ''];
  const n = parameters.length;
  return database.readAs(principal, async (tx) => {
    const palette = await register.palette(tx, principal.tenant);
    const rows = await tx.query<Row>(
      `SELECT coalesce(a.code, c.code) AS code, a.name, a.boundary, coalesce(c.level, 0) AS level,
         coalesce(c.red, 0) AS red, coalesce(c.orange, 0) AS orange, coalesce(c.yellow, 0) AS yellow,
         coalesce(c.candidates, 0) AS candidates, coalesce(c.monitoring, 0) AS monitoring, coalesce(c.exercises, 0) AS exercises
       FROM (${countsBy(digits, sql)}) c
       FULL JOIN (SELECT code, name, boundary FROM risk_area
         WHERE tenant = $1 AND length(code) = ${digits} AND code ^@ $${n + 1}
           AND ($${n + 2}::text[] IS NULL OR code ^@ ANY ($${n + 2}::text[]))) a ON a.code = c.code
       ORDER BY 1`,
      [...parameters, within, areas],
    );
    return { type: 'FeatureCollection', features: rows.map((row) => featureOf(row, palette)) };
  });
};
