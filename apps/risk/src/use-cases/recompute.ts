import { serviceMigrations } from '@linli/service';
import { openDatabase, type Database, type Transaction } from '@linli/store';
import { asOfOneInstant, recomputePlace, recomputeWarning } from './recompute-place.js';
import { shownOf } from './assess-places.js';
import { openRuleBook, type RuleBook } from './rules.js';
import { risk } from '../risk.js';
import { SCHEMA } from '../store/schema.js';
import { warningIdOf } from '../store/identity.js';
import type { Place } from '../store/place.row.js';
import { places } from '../store/places.js';
import { recordOf, type WarningRecord, type WarningRow } from '../store/warning.row.js';
import { WARNING_ROWS } from '../store/warnings.js';

/** A stored score and the same computed again from the stored events. */
export interface Recomputed {
  /** Of the warning; of a place that raised none, the id that its warning would have. */
  readonly id: string;
  readonly tenant: string;
  readonly stored: number;
  readonly recomputed: number;
  /** The score is the same, and of an open place also the tally. */
  readonly equal: boolean;
}

export interface RecomputeRequest {
  /** Absent: every tenant. */
  readonly tenant?: string;
  /** Absent: every warning, ended ones too, and every place that raised none. */
  readonly warning?: string;
}

const PAGE = 500;

const rowOf = (
  id: string,
  tenant: string,
  found: { shown: { assessment: { score: number } }; score: number; equal: boolean },
) => ({ id, tenant, stored: found.shown.assessment.score, recomputed: found.score, equal: found.equal });

const bookOf = (tx: Transaction, tenants: readonly string[]): Promise<RuleBook> =>
  openRuleBook(tx, [...new Set(tenants)], Number.MAX_SAFE_INTEGER);

/** A page of warnings in the order of their ids. */
const warningsAfter = async (
  tx: Transaction,
  { tenant, warning }: RecomputeRequest,
  after: string | null,
): Promise<WarningRecord[]> => {
  const rows = await tx.query<WarningRow>(
    `${WARNING_ROWS} WHERE ($1::text IS NULL OR w.tenant = $1) AND ($2::uuid IS NULL OR w.id = $2)
       AND ($3::uuid IS NULL OR w.id > $3) ORDER BY w.id LIMIT ${PAGE}`,
    [tenant ?? null, warning ?? null, after],
  );
  return rows.map(recordOf);
};

const ofWarnings = async (tx: Transaction, records: readonly WarningRecord[]): Promise<Recomputed[]> => {
  const book = await bookOf(
    tx,
    records.map(({ tenant }) => tenant),
  );
  const rows: Recomputed[] = [];
  for (const record of records) {
    const found = await recomputeWarning(tx, record, book);
    if (found) rows.push(rowOf(record.warning.id, record.tenant, found));
  }
  return rows;
};

const ofPlaces = async (tx: Transaction, all: readonly Place[]): Promise<Recomputed[]> => {
  const book = await bookOf(
    tx,
    all.map(({ tenant }) => tenant),
  );
  const rows: Recomputed[] = [];
  for (const place of all) {
    const { id, generation, tenant } = place;
    const shown = await shownOf(tx, place, book);
    if (!shown) continue;
    const found = await recomputePlace(tx, place, shown, book);
    rows.push(rowOf(warningIdOf(id, generation), tenant, found));
  }
  return rows;
};

interface Page<T> {
  readonly items: readonly T[];
  /** Null when there was nothing more. */
  readonly last: string | null;
}

/** Works through pages until one is empty; each page is a transaction of its own, so that none grows old. */
const paged = async <T>(
  database: Database,
  page: (tx: Transaction, after: string | null) => Promise<Page<T>>,
): Promise<T[]> => {
  const all: T[] = [];
  for (let after: string | null = null; ;) {
    const from: string | null = after;
    const { items, last }: Page<T> = await database.transaction('http', async (tx) => {
      await asOfOneInstant(tx);
      return page(tx, from);
    });
    all.push(...items);
    if (last === null) return all;
    after = last;
  }
};

/** Computes scores again from stored events and compares: what `linli risk recompute` prints. Changes nothing. */
export const recomputeIn = async (
  database: Database,
  request: RecomputeRequest = {},
): Promise<Recomputed[]> => {
  const warned = await paged(database, async (tx, after) => {
    const records = await warningsAfter(tx, request, after);
    return { items: await ofWarnings(tx, records), last: records.at(-1)?.warning.id ?? null };
  });
  if (request.warning !== undefined) return warned;
  const unwarned = await paged(database, async (tx, after) => {
    const ids = await places.unwarnedAfter(tx, { tenant: request.tenant ?? null, after, limit: PAGE });
    return { items: await ofPlaces(tx, await places.find(tx, ids)), last: ids.at(-1) ?? null };
  });
  return [...warned, ...unwarned];
};

/** The same in the database at a URL. */
export const recompute = async (
  url: string,
  request: RecomputeRequest = {},
  { allowUnsafe = false } = {},
): Promise<Recomputed[]> => {
  const all = serviceMigrations(risk);
  const database = await openDatabase({ url, schema: SCHEMA, migrations: all, allowUnsafe });
  try {
    return await recomputeIn(database, request);
  } finally {
    await database.close();
  }
};
