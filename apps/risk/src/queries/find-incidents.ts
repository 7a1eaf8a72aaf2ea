import type { IncidentPage, Principal } from '@linli/contracts';
import { Conditions, type Database } from '@linli/store';
import { z } from 'zod';
import { instant } from '../store/columns.js';
import { incidents } from '../store/incidents.js';
import { incidentView } from '../use-cases/incident.view.js';
import { cursorOf, DEFAULT_LIMIT, readCursor } from './paging.js';

export interface IncidentFilter {
  readonly area?: string | undefined;
  /** When it happened, half-open. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

const Keys = z.tuple([z.number(), z.uuid()]);

/** The events of record (`i`) that a principal may see and a filter asks for. */
export const incidentConditions = (
  { tenant, areas }: Principal,
  { area, from, to }: IncidentFilter,
): Conditions =>
  new Conditions()
    .add('i.tenant = ?', tenant)
    .addIf(areas, 'i.area ^@ ANY (?::text[])')
    .addIf(area, 'i.area ^@ ?')
    .addIf(from, 'i.happened_at >= ?::timestamptz')
    .addIf(to, 'i.happened_at < ?::timestamptz');

/** A page of the events of record, those withdrawn too. */
export const findIncidents = async (
  database: Database,
  principal: Principal,
  filter: IncidentFilter,
): Promise<IncidentPage> => {
  const limit = filter.limit ?? DEFAULT_LIMIT;
  const conditions = incidentConditions(principal, filter);
  const after = readCursor(filter.cursor, Keys);
  if (after)
    conditions.addAll('(i.happened_at, i.id) < (?::timestamptz, ?::uuid)', [instant(after[0]), after[1]]);
  const found = await database.readAs(principal, (tx) => incidents.latest(tx, conditions, limit + 1));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(incidentView),
    next: last && found.length > limit ? cursorOf([last.happenedAt, last.id]) : null,
  };
};
