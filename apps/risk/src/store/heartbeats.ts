import type { Transaction } from '@linli/store';
import type { Heard } from '../domain/rhythm.js';
import { columnsOf, instant } from './columns.js';

/** A source was heard. */
export interface Heartbeat {
  readonly tenant: string;
  readonly source: string;
  readonly heardAt: number;
}

export interface HeardSource extends Heard {
  readonly tenant: string;
  readonly source: string;
}

interface HeardRow {
  readonly tenant: string;
  readonly source: string;
  readonly last_at: Date;
  readonly pauses: number;
  readonly usual: number | null;
}

const KEPT_DAYS = 60;

export const heartbeats = {
  /** Notes each once, and forgets what these sources said long ago. */
  async note(tx: Transaction, beats: readonly Heartbeat[]): Promise<void> {
    const columns = columnsOf(
      beats,
      (b) => b.tenant,
      (b) => b.source,
      (b) => instant(b.heardAt),
    );
    const rows = 'unnest($1::text[], $2::text[], $3::timestamptz[]) AS b (tenant, source, heard_at)';
    await tx.execute(
      `INSERT INTO risk_heartbeat (tenant, source, heard_at)
       SELECT tenant, source, heard_at FROM ${rows} ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING`,
      columns,
    );
    await tx.execute(
      `DELETE FROM risk_heartbeat h USING ${rows}
       WHERE h.tenant = b.tenant AND h.source = b.source
         AND h.heard_at < b.heard_at - interval '${KEPT_DAYS} days'`,
      columns,
    );
  },

  /** The sources of a tenant, or of all (null), by name. */
  async heard(tx: Transaction, tenant: string | null): Promise<HeardSource[]> {
    const rows = await tx.query<HeardRow>(
      `SELECT tenant, source, max(heard_at) AS last_at, count(pause) AS pauses,
         percentile_disc(0.95) WITHIN GROUP (ORDER BY pause) AS usual
       FROM (SELECT tenant, source, heard_at, extract(epoch FROM heard_at - lag(heard_at)
           OVER (PARTITION BY tenant, source ORDER BY heard_at))::float8 * 1000 AS pause
         FROM risk_heartbeat WHERE $1::text IS NULL OR tenant = $1) h
       GROUP BY tenant, source ORDER BY tenant, source`,
      [tenant],
    );
    return rows.map(({ last_at, usual, ...row }) => ({
      ...row,
      lastAt: last_at.getTime(),
      usualPause: usual,
    }));
  },
};
