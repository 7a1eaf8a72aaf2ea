import {
  colourOf,
  type Level,
  type Principal,
  type QuarantinePage,
  type RiskEventFate,
  type RiskEventSummary,
} from '@linli/contracts';
import { refuse, Refused, startOfShanghaiDay } from '@linli/kernel';
import { Conditions, type Database, type Transaction } from '@linli/store';
import { z } from 'zod';
import { parameters202601 } from '../domain/parameters.js';
import { windowStart } from '../domain/window.js';
import { instant } from '../store/columns.js';
import { cursorOf, DEFAULT_LIMIT, readCursor } from './paging.js';

/** First instant of the window at `now`. */
const windowFrom = (now: number): string =>
  instant(startOfShanghaiDay(windowStart(now, parameters202601.windowDays)));

const scoped = ({ tenant, areas }: Principal, table: string): Conditions =>
  new Conditions().add(`${table}.tenant = ?`, tenant).addIf(areas, `${table}.area ^@ ANY (?::text[])`);

export interface SummaryFilter {
  readonly source?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Which time `from` and `to` bound; receipt unless said otherwise. */
  readonly by?: 'received' | 'occurred' | undefined;
}

const bounded = (
  conditions: Conditions,
  table: string,
  { source, from, to, by }: SummaryFilter,
): Conditions =>
  conditions
    .addIf(source, `${table}.source = ?`)
    .addIf(from, `${table}.${by ?? 'received'}_at >= ?::timestamptz`)
    .addIf(to, `${table}.${by ?? 'received'}_at < ?::timestamptz`);

const one = async <Row>(tx: Transaction, sql: string, parameters: readonly unknown[]): Promise<Row> => {
  const [row] = await tx.query<Row>(sql, parameters);
  if (!row) throw new Error('an aggregate without a row');
  return row;
};

type Last = { last: Date | null };

const countStored = (tx: Transaction, principal: Principal, filter: SummaryFilter, now: number) => {
  const where = bounded(scoped(principal, 'e'), 'e', filter);
  return one<{ n: number; counting: number; exercises: number } & Last>(
    tx,
    `SELECT count(*) AS n, max(e.received_at) AS last,
       count(*) FILTER (WHERE p.generation = e.generation AND e.occurred_at >= '${windowFrom(now)}') AS counting,
       count(*) FILTER (WHERE e.exercise) AS exercises
     FROM risk_event e LEFT JOIN risk_place p ON p.id = e.place_id WHERE ${where.sql}`,
    where.parameters,
  );
};

/** A copy has no time of occurrence of its own: that of its event. */
const countCopies = (tx: Transaction, principal: Principal, filter: SummaryFilter) => {
  const byEvent = filter.by === 'occurred';
  const where = bounded(scoped(principal, 'd'), 'd', byEvent ? { source: filter.source } : filter);
  const join = byEvent ? 'JOIN risk_event e USING (tenant, source, id)' : '';
  if (byEvent) bounded(where, 'e', { ...filter, source: undefined });
  return one<{ n: number } & Last>(
    tx,
    `SELECT coalesce(sum(d.copies), 0)::bigint AS n, max(d.received_at) AS last
     FROM risk_duplicate d ${join} WHERE ${where.sql}`,
    where.parameters,
  );
};

const countKept = (tx: Transaction, principal: Principal, filter: SummaryFilter) => {
  const where = bounded(scoped(principal, 'q'), 'q', filter);
  const sql = `SELECT count(*) AS n, max(q.received_at) AS last FROM risk_quarantine q WHERE ${where.sql}`;
  return one<{ n: number } & Last>(tx, sql, where.parameters);
};

/** What is durably stored and scored, for a sender to reconcile with. */
export const summarise = (
  database: Database,
  principal: Principal,
  filter: SummaryFilter,
  now: number,
): Promise<RiskEventSummary> =>
  database.readAs(principal, async (tx) => {
    const stored = await countStored(tx, principal, filter, now);
    const copies = await countCopies(tx, principal, filter);
    const kept = await countKept(tx, principal, filter);
    const last = Math.max(...[stored, copies, kept].map((each) => each.last?.getTime() ?? -1));
    return {
      stored: stored.n,
      duplicates: copies.n,
      quarantined: kept.n,
      counting: stored.counting,
      exercises: stored.exercises,
      lastReceivedAt: last < 0 ? null : instant(last),
    };
  });

interface FateRow {
  readonly category: string;
  readonly area: string;
  readonly occurred_at: Date;
  readonly received_at: Date;
  readonly stored_at: Date;
  readonly reason: string | null;
  readonly exercise: boolean;
  readonly counts: boolean;
  readonly warning_id: string | null;
  readonly level: Level | null;
  readonly status: string | null;
}

/** The place of a dispute may lie in an area that the reader does not see: its event is shown all the same. */
const STORED = `SELECT e.category, e.area, e.occurred_at, e.received_at, e.stored_at, NULL::text AS reason, e.exercise,
    coalesce(p.generation = e.generation AND e.occurred_at >= $4::timestamptz, false) AS counts, w.id AS warning_id, w.level, w.status
  FROM risk_event e LEFT JOIN risk_place p ON p.id = e.place_id
  LEFT JOIN warning w ON w.place_id = e.place_id AND w.generation = e.generation
  WHERE e.tenant = $1 AND e.source = $2 AND e.id = $3 AND ($5::text[] IS NULL OR e.area ^@ ANY ($5))`;

const KEPT = `SELECT q.category, q.area, q.occurred_at, q.received_at, q.stored_at, q.reason,
    q.event ? 'exercise' AS exercise, false AS counts,
    NULL::uuid AS warning_id, NULL::smallint AS level, NULL::text AS status
  FROM risk_quarantine q
  WHERE q.tenant = $1 AND q.source = $2 AND q.id = $3 AND $4::timestamptz IS NOT NULL
    AND ($5::text[] IS NULL OR q.area ^@ ANY ($5))`;

const fateOf = (row: FateRow, source: string, id: string, duplicates: number): RiskEventFate => {
  const colour = row.level && colourOf(row.level);
  return {
    ...{ id, source, reason: row.reason, category: row.category, area: row.area, duplicates },
    status: row.reason === null ? 'stored' : 'quarantined',
    occurredAt: row.occurred_at.toISOString(),
    receivedAt: row.received_at.toISOString(),
    storedAt: row.stored_at.toISOString(),
    exercise: row.exercise,
    counts: row.counts,
    warning:
      row.warning_id && colour && row.status ? { id: row.warning_id, colour, status: row.status } : null,
  };
};

/** What became of one event; refuses (404) one that is not there for this principal. */
export const findFate = (
  database: Database,
  principal: Principal,
  { source, id }: { source: string; id: string },
  now: number,
): Promise<RiskEventFate> =>
  database.readAs(principal, async (tx) => {
    const { tenant, areas } = principal;
    const parameters = [tenant, source, id, windowFrom(now), areas];
    const [row] = await tx.query<FateRow>(`${STORED} UNION ALL ${KEPT}`, parameters);
    if (!row) throw new Refused(refuse('RSK_EVENT_NOT_FOUND', 'not-found', 'There is no such event.'));
    const { n } = await one<{ n: number }>(
      tx,
      `SELECT coalesce(sum(copies), 0)::bigint AS n FROM risk_duplicate WHERE tenant = $1 AND source = $2 AND id = $3`,
      [tenant, source, id],
    );
    return fateOf(row, source, id, n);
  });

interface QuarantineRow {
  readonly source: string;
  readonly id: string;
  readonly reason: 'category' | 'area';
  readonly category: string;
  readonly area: string;
  readonly occurred_at: Date;
  readonly received_at: Date;
  readonly exercise: boolean;
}

const Keys = z.tuple([z.number(), z.string(), z.string()]);

const quarantineItem = ({ occurred_at, received_at, ...row }: QuarantineRow) => ({
  ...row,
  occurredAt: occurred_at.toISOString(),
  receivedAt: received_at.toISOString(),
});

const unknownIn = (tx: Transaction, { sql, parameters }: Conditions) =>
  tx.query<{ field: 'category' | 'area'; value: string; events: number }>(
    `SELECT reason AS field, CASE reason WHEN 'area' THEN area ELSE category END AS value, count(*) AS events
     FROM risk_quarantine q WHERE ${sql} GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 100`,
    parameters,
  );

/** What is in quarantine, the longest there first, and what is unknown. */
export const findQuarantined = (
  database: Database,
  principal: Principal,
  asked: { limit?: number | undefined; cursor?: string | undefined },
): Promise<QuarantinePage> =>
  database.readAs(principal, async (tx) => {
    const all = scoped(principal, 'q');
    const { n } = await one<{ n: number }>(
      tx,
      `SELECT count(*) AS n FROM risk_quarantine q WHERE ${all.sql}`,
      all.parameters,
    );
    const unknown = await unknownIn(tx, all);
    const after = readCursor(asked.cursor, Keys);
    const where = scoped(principal, 'q');
    if (after) {
      const keys = [instant(after[0]), after[1], after[2]];
      where.addAll('(q.received_at, q.source, q.id) > (?::timestamptz, ?, ?)', keys);
    }
    const limit = asked.limit ?? DEFAULT_LIMIT;
    const rows = await tx.query<QuarantineRow>(
      `SELECT source, id, reason, category, area, occurred_at, received_at, event ? 'exercise' AS exercise
       FROM risk_quarantine q
       WHERE ${where.sql} ORDER BY q.received_at, q.source, q.id LIMIT ${limit + 1}`,
      where.parameters,
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      total: n,
      unknown,
      items: page.map(quarantineItem),
      next: last && rows.length > limit ? cursorOf([last.received_at.getTime(), last.source, last.id]) : null,
    };
  });
