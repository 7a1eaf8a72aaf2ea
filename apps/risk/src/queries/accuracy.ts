import { findCategory, riskGroups, type Accuracy, type Principal } from '@linli/contracts';
import { Conditions, type Database, type Transaction } from '@linli/store';
import { accuracyOf, agreementOf, type EndedCase, type Incident } from '../domain/accuracy.js';
import type { Level } from '../domain/colour.js';
import { parameters202601 } from '../domain/parameters.js';
import { response202601, type ResponsePolicy } from '../domain/response.js';
import type { Outcome } from '../domain/warning.commands.js';
import type { Status } from '../domain/warning.js';
import { millis } from '../store/columns.js';
import { responsePolicies } from '../store/response-policies.js';
import { secondLooks } from '../store/second-looks.js';
import { incidentConditions } from './find-incidents.js';
import { scoped } from './find-warnings.js';

export interface AccuracyFilter {
  readonly area?: string | undefined;
  /** By the instant of the end of a warning, of an incident, of a first verification; half-open. */
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

const decayOf = ({ category }: { category: string }): number =>
  riskGroups[findCategory(category)?.group ?? 'DSP'].decayDays;

const caseOf = (row: Row): EndedCase => ({
  status: row.status,
  outcome: row.outcome,
  decayDays: decayOf(row),
  firstSignalAt: millis(row.first_signal_at),
  issuedAt: millis(row.issued_at),
  issuedLevel: row.issued_level,
  onSiteAt: millis(row.on_site_at),
  happenedAt: millis(row.happened_at),
  peak: row.peak,
  handedOver: row.handed_over,
});

const cases = (tx: Transaction, principal: Principal, { area, from, to }: AccuracyFilter): Promise<Row[]> => {
  const { sql, parameters } = scoped(principal)
    .addIf(area, 'w.area ^@ ?')
    .addIf(from, 'w.closed_at >= ?::timestamptz')
    .addIf(to, 'w.closed_at < ?::timestamptz');
  return tx.query(
    `${CASES} WHERE ${sql} AND w.closed_at IS NOT NULL AND w.status <> 'merged' AND NOT w.exercise`,
    parameters,
  );
};

interface IncidentRow {
  readonly category: string;
  readonly happened_at: Date;
  readonly issued_at: Date | null;
  readonly first_signal_at: Date | null;
}

/** One that names a warning which was closed as an event is that event. */
const INCIDENTS = `SELECT i.category, i.happened_at, w.issued_at,
    coalesce((SELECT min(e.received_at) FROM risk_event e
      WHERE e.place_id = w.place_id AND e.generation = w.generation),
    (SELECT min(e.received_at) FROM risk_place p JOIN risk_event e ON e.place_id = p.id
     WHERE p.tenant = i.tenant AND p.area = i.area AND p.category = i.category AND NOT p.exercise
       AND e.occurred_at BETWEEN i.happened_at - interval '${parameters202601.windowDays} days' AND i.happened_at))
    AS first_signal_at
  FROM risk_incident i LEFT JOIN warning w ON w.tenant = i.tenant AND w.id = i.warning_id`;

const incidentsIn = (
  tx: Transaction,
  principal: Principal,
  filter: AccuracyFilter,
): Promise<IncidentRow[]> => {
  const { sql, parameters } = incidentConditions(principal, filter);
  return tx.query(
    `${INCIDENTS} WHERE ${sql} AND i.withdrawn_at IS NULL AND w.outcome IS DISTINCT FROM 'event'`,
    parameters,
  );
};

const incidentOf = (row: IncidentRow): Incident => ({
  decayDays: decayOf(row),
  happenedAt: row.happened_at.getTime(),
  issuedAt: millis(row.issued_at),
  firstSignalAt: millis(row.first_signal_at),
});

const pairsIn = (tx: Transaction, { tenant, areas }: Principal, { area, from, to }: AccuracyFilter) =>
  secondLooks.pairs(
    tx,
    new Conditions()
      .add('s.tenant = ?', tenant)
      .addIf(areas, 's.area ^@ ANY (?::text[])')
      .addIf(area, 's.area ^@ ?')
      .addIf(from, 's.asked_at >= ?::timestamptz')
      .addIf(to, 's.asked_at < ?::timestamptz'),
  );

const isTraditional = ({ category }: { category: string }): boolean =>
  findCategory(category)?.traditional ?? true;

/**
 * How good the real warnings were that ended in a period, and what else happened in it, traditional and new-type risks
 * apart; merged warnings not counted.
 */
export const accuracy = (
  database: Database,
  principal: Principal,
  filter: AccuracyFilter,
): Promise<Accuracy> =>
  database.readAs(principal, async (tx) => {
    const rows = await cases(tx, principal, filter);
    const incidents = await incidentsIn(tx, principal, filter);
    const pairs = await pairsIn(tx, principal, filter);
    const policies = await responsePolicies.history(tx, principal.tenant);
    const policyAt = (at: number): ResponsePolicy =>
      policies.find(({ validFrom }) => validFrom <= at)?.policy ?? response202601;
    const measured = (traditional: boolean) => {
      const ofKind = (one: { category: string }): boolean => isTraditional(one) === traditional;
      return {
        ...accuracyOf(rows.filter(ofKind).map(caseOf), incidents.filter(ofKind).map(incidentOf), policyAt),
        secondLooks: agreementOf(pairs.filter(ofKind)),
      };
    };
    const { area = null, from = null, to = null } = filter;
    return { from, to, area, traditional: measured(true), nonTraditional: measured(false) };
  });
