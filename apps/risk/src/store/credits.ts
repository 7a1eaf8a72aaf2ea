import { Conditions, type Transaction } from '@linli/store';
import type { TrackRecord } from '../domain/credibility.js';
import type { Warning } from '../domain/warning.js';
import { instant } from './columns.js';

export interface CreditRow {
  readonly source: string;
  readonly warning_id: string;
  readonly is_right: boolean;
  readonly at: Date;
  readonly undone_at: Date | null;
  readonly undone_by: string | null;
  readonly undone_reason: string | null;
}

export const credits = {
  /** To each source that a warning rested on; a later finding about the warning takes the place of an earlier one. */
  async give(
    tx: Transaction,
    tenant: string,
    { id, placeId, generation, area }: Warning,
    isRight: boolean,
    at: number,
  ): Promise<void> {
    await tx.execute(
      `INSERT INTO risk_credit AS known (tenant, source, warning_id, area, is_right, at)
       SELECT DISTINCT $1, source, $2::uuid, $3, $4::boolean, $5::timestamptz FROM risk_event
       WHERE tenant = $1 AND place_id = $6 AND generation = $7 ORDER BY source
       ON CONFLICT (tenant, source, warning_id) DO UPDATE
       SET is_right = excluded.is_right, at = excluded.at WHERE known.is_right <> excluded.is_right`,
      [tenant, id, area, isRight, instant(at), placeId, generation],
    );
  },

  /** False when there is none that still counts. */
  async undo(
    tx: Transaction,
    { tenant, source, warning }: { tenant: string; source: string; warning: string },
    { at, by, reason }: { at: number; by: string; reason: string },
  ): Promise<boolean> {
    const rows = await tx.execute(
      `UPDATE risk_credit SET undone_at = $4, undone_by = $5, undone_reason = $6
       WHERE tenant = $1 AND source = $2 AND warning_id = $3 AND undone_at IS NULL`,
      [tenant, source, warning, instant(at), by, reason],
    );
    return rows === 1;
  },

  /** What counts, by source. */
  async records(tx: Transaction, tenant: string): Promise<Map<string, TrackRecord>> {
    const rows = await tx.query<TrackRecord & { source: string }>(
      `SELECT source, count(*) FILTER (WHERE is_right) AS right, count(*) FILTER (WHERE NOT is_right) AS wrong
       FROM risk_credit WHERE tenant = $1 AND undone_at IS NULL GROUP BY source`,
      [tenant],
    );
    return new Map(rows.map(({ source, right, wrong }) => [source, { right, wrong }]));
  },

  async latest(
    tx: Transaction,
    of: { tenant: string; areas: readonly string[] | null; source?: string | undefined },
    limit: number,
  ): Promise<CreditRow[]> {
    const { sql, parameters } = new Conditions()
      .add('tenant = ?', of.tenant)
      .addIf(of.areas, 'area ^@ ANY (?::text[])')
      .addIf(of.source, 'source = ?');
    return tx.query<CreditRow>(
      `SELECT source, warning_id, is_right, at, undone_at, undone_by, undone_reason
       FROM risk_credit WHERE ${sql} ORDER BY at DESC, source, warning_id LIMIT ${limit}`,
      parameters,
    );
  },
};
