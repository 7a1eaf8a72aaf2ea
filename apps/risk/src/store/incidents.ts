import type { Conditions, Transaction } from '@linli/store';
import { instant, millis } from './columns.js';

/** An event of record. Instants in milliseconds. */
export interface Incident {
  readonly id: string;
  readonly category: string;
  readonly area: string;
  readonly happenedAt: number;
  /** With the reference: one event, counted once. */
  readonly source: string;
  readonly reference: string;
  /** The warning that was about it. */
  readonly warning: string | null;
  readonly recordedAt: number;
  /** Name of the key. */
  readonly recordedBy: string;
  readonly withdrawn: Withdrawal | null;
}

export interface Withdrawal {
  readonly at: number;
  readonly by: string;
  readonly reason: string;
}

interface IncidentRow {
  readonly id: string;
  readonly category: string;
  readonly area: string;
  readonly happened_at: Date;
  readonly source: string;
  readonly reference: string;
  readonly warning_id: string | null;
  readonly recorded_at: Date;
  readonly recorded_by: string;
  readonly withdrawn_at: Date | null;
  readonly withdrawn_by: string | null;
  readonly withdrawn_reason: string | null;
}

const withdrawalOf = (row: IncidentRow): Withdrawal | null => {
  const at = millis(row.withdrawn_at);
  return at === null ? null : { at, by: row.withdrawn_by ?? '', reason: row.withdrawn_reason ?? '' };
};

const incidentOf = (row: IncidentRow): Incident => ({
  id: row.id,
  category: row.category,
  area: row.area,
  happenedAt: row.happened_at.getTime(),
  source: row.source,
  reference: row.reference,
  warning: row.warning_id,
  recordedAt: row.recorded_at.getTime(),
  recordedBy: row.recorded_by,
  withdrawn: withdrawalOf(row),
});

export const incidents = {
  /** False, and nothing is added, when the same event of record is known. */
  async add(tx: Transaction, tenant: string, incident: Incident): Promise<boolean> {
    const { id, category, area, source, reference, warning, recordedBy } = incident;
    const rows = await tx.execute(
      `INSERT INTO risk_incident (tenant, id, category, area, happened_at, source, reference, warning_id, recorded_at,
         recorded_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
       ON CONFLICT (tenant, source, reference) WHERE withdrawn_at IS NULL DO NOTHING`,
      [
        ...[tenant, id, category, area, instant(incident.happenedAt), source, reference, warning],
        ...[instant(incident.recordedAt), recordedBy],
      ],
    );
    return rows === 1;
  },

  async find(tx: Transaction, tenant: string, id: string): Promise<Incident | null> {
    const rows = await tx.query<IncidentRow>('SELECT * FROM risk_incident WHERE tenant = $1 AND id = $2', [
      tenant,
      id,
    ]);
    return rows[0] ? incidentOf(rows[0]) : null;
  },

  async withdraw(tx: Transaction, tenant: string, id: string, { at, by, reason }: Withdrawal): Promise<void> {
    await tx.execute(
      `UPDATE risk_incident SET withdrawn_at = $3, withdrawn_by = $4, withdrawn_reason = $5
       WHERE tenant = $1 AND id = $2 AND withdrawn_at IS NULL`,
      [tenant, id, instant(at), by, reason],
    );
  },

  /** Those that fulfil some conditions on `i`, what happened last first. */
  async latest(tx: Transaction, { sql, parameters }: Conditions, limit: number): Promise<Incident[]> {
    const rows = await tx.query<IncidentRow>(
      `SELECT * FROM risk_incident i WHERE ${sql} ORDER BY i.happened_at DESC, i.id DESC LIMIT ${limit}`,
      parameters,
    );
    return rows.map(incidentOf);
  },
};
