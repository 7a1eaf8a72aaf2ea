import { findCategory, riskGroups, type Accuracy, type Principal } from '@linli/contracts';
import type { Database } from '@linli/store';
import { accuracyOf, type EndedCase } from '../domain/accuracy.js';
import type { Level } from '../domain/colour.js';
import type { Outcome } from '../domain/warning.commands.js';
import type { Status } from '../domain/warning.js';
import { millis } from '../store/columns.js';
import { scoped } from './find-warnings.js';

export interface AccuracyFilter {
  readonly area?: string | undefined;
  /** By the instant of the end, half-open. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

interface Row {
  readonly category: string;
  readonly status: Status;
  readonly outcome: Outcome | null;
  readonly first_signal_at: Date | null;
  readonly issued_at: Date | null;
  readonly issued_level: Level | null;
  readonly on_site_at: Date | null;
  readonly happened_at: Date | null;
  readonly peak: Level;
  readonly handed_over: boolean;
}

const CASES = `SELECT w.category, w.status, w.outcome, w.issued_at, w.issued_level, w.on_site_at, w.happened_at, w.peak,
    w.external IS NOT NULL AS handed_over,
    (SELECT min(e.received_at) FROM risk_event e
     WHERE e.place_id = w.place_id AND e.generation = w.generation) AS first_signal_at
  FROM warning w`;

const caseOf = (row: Row): EndedCase => ({
  status: row.status,
  outcome: row.outcome,
  decayDays: riskGroups[findCategory(row.category)?.group ?? 'DSP'].decayDays,
  firstSignalAt: millis(row.first_signal_at),
  issuedAt: millis(row.issued_at),
  issuedLevel: row.issued_level,
  onSiteAt: millis(row.on_site_at),
  happenedAt: millis(row.happened_at),
  peak: row.peak,
  handedOver: row.handed_over,
});

/**
 * How good the real warnings were that ended in a period, traditional and new-type risks apart; merged ones not counted.
 */
export const accuracy = async (
  database: Database,
  principal: Principal,
  { area, from, to }: AccuracyFilter,
): Promise<Accuracy> => {
  const conditions = scoped(principal)
    .addIf(area, 'w.area ^@ ?')
    .addIf(from, 'w.closed_at >= ?::timestamptz')
    .addIf(to, 'w.closed_at < ?::timestamptz');
  const rows = await database.readAs(principal, (tx) =>
    tx.query<Row>(
      `${CASES} WHERE ${conditions.sql} AND w.closed_at IS NOT NULL AND w.status <> 'merged' AND NOT w.exercise`,
      conditions.parameters,
    ),
  );
  const isTraditional = ({ category }: Row): boolean => findCategory(category)?.traditional ?? true;
  return {
    ...{ from: from ?? null, to: to ?? null, area: area ?? null },
    traditional: accuracyOf(rows.filter(isTraditional).map(caseOf)),
    nonTraditional: accuracyOf(rows.filter((row) => !isTraditional(row)).map(caseOf)),
  };
};
