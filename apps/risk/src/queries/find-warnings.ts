import { levelOf, type Colour, type Principal, type WarningPage } from '@linli/contracts';
import { refuse, Refused } from '@linli/kernel';
import { Conditions, type Database } from '@linli/store';
import { z } from 'zod';
import { instant } from '../store/columns.js';
import { recordOf, type WarningRecord, type WarningRow } from '../store/warning.row.js';
import { CHANGED_AT, WARNING_ROWS } from '../store/warnings.js';
import { warningView } from '../use-cases/warning.view.js';
import { cursorOf, DEFAULT_LIMIT, readCursor } from './paging.js';

export interface WarningFilter {
  readonly area?: string | undefined;
  readonly colour?: Colour | undefined;
  readonly status?: string | undefined;
  readonly group?: string | undefined;
  readonly exercise?: boolean | undefined;
  readonly since?: string | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

const Keys = z.tuple([z.number(), z.uuid()]);

/** The warnings (`w`) that a principal may see. Row-level security says the same once more, underneath. */
export const scoped = ({ tenant, areas }: Principal): Conditions =>
  new Conditions().add('w.tenant = ?', tenant).addIf(areas, 'w.area ^@ ANY (?::text[])');

const conditionsOf = (principal: Principal, filter: WarningFilter): Conditions => {
  const after = readCursor(filter.cursor, Keys);
  const conditions = scoped(principal)
    .addIf(filter.area, 'w.area ^@ ?')
    .addIf(filter.colour, 'w.level = ?', levelOf)
    .addIf(filter.status, 'w.status = ?')
    .addIf(filter.group, 'left(w.category, 3) = ?')
    .addIf(filter.exercise, 'w.exercise = ?')
    .addIf(filter.since, `${CHANGED_AT} >= ?::timestamptz`);
  return after
    ? conditions.addAll('(w.raised_at, w.id) < (?::timestamptz, ?::uuid)', [instant(after[0]), after[1]])
    : conditions;
};

const records = async (
  database: Database,
  principal: Principal,
  filter: WarningFilter,
): Promise<WarningRecord[]> => {
  const conditions = conditionsOf(principal, filter);
  const rows = await database.readAs(principal, (tx) =>
    tx.query<WarningRow>(
      `${WARNING_ROWS} WHERE ${conditions.sql} ORDER BY w.raised_at DESC, w.id DESC
       LIMIT ${(filter.limit ?? DEFAULT_LIMIT) + 1}`,
      conditions.parameters,
    ),
  );
  return rows.map(recordOf);
};

/** A page of the warnings that a principal may see, the latest raised first. */
export const findWarnings = async (
  database: Database,
  principal: Principal,
  filter: WarningFilter,
): Promise<WarningPage> => {
  const found = await records(database, principal, filter);
  const page = found.slice(0, filter.limit ?? DEFAULT_LIMIT);
  const last = page.at(-1)?.warning;
  return {
    items: page.map(warningView),
    next: last && found.length > page.length ? cursorOf([last.raisedAt, last.id]) : null,
  };
};

/** The same as RFC 7946 features; one without a point has no geometry. */
export const warningFeatures = async (database: Database, principal: Principal, filter: WarningFilter) => {
  const { items } = await findWarnings(database, principal, { limit: 200, ...filter });
  return {
    type: 'FeatureCollection',
    features: items.map(({ id, point, ...properties }) => ({
      type: 'Feature',
      id,
      geometry: point && { type: 'Point', coordinates: point },
      properties,
    })),
  };
};

/** One warning; refuses (404) one that is not there for this principal. */
export const findWarning = async (
  database: Database,
  principal: Principal,
  id: string,
): Promise<WarningRecord> => {
  const conditions = scoped(principal);
  const rows = z.uuid().safeParse(id).success
    ? await database.readAs(principal, (tx) => {
        const { sql, parameters } = conditions.add('w.id = ?', id);
        return tx.query<WarningRow>(`${WARNING_ROWS} WHERE ${sql}`, parameters);
      })
    : [];
  if (!rows[0]) throw new Refused(refuse('WRN_NOT_FOUND', 'not-found', 'There is no such warning.'));
  return recordOf(rows[0]);
};
