import type { Transaction } from '@linli/store';
import { instant, millis } from './columns.js';

/** Notifications of new warnings of an area are muted. Instants in milliseconds. */
export interface Silence {
  readonly id: string;
  readonly area: string;
  /** Code or group of categories; null: all. */
  readonly category: string | null;
  readonly sealedReason: string;
  /** Name of the key. */
  readonly owner: string;
  /** Its id; null: asked for before it was kept. */
  readonly ownerKey: string | null;
  readonly from: number;
  readonly until: number;
  readonly remindAt: number;
  readonly remindedAt: number | null;
  readonly endedAt: number | null;
  readonly endedBy: string | null;
}

interface SilenceRow {
  readonly id: string;
  readonly area: string;
  readonly category: string | null;
  readonly sealed_reason: string;
  readonly owner: string;
  readonly owner_key: string | null;
  readonly from_at: Date;
  readonly until_at: Date;
  readonly remind_at: Date;
  readonly reminded_at: Date | null;
  readonly ended_at: Date | null;
  readonly ended_by: string | null;
}

const silenceOf = (row: SilenceRow): Silence => ({
  id: row.id,
  area: row.area,
  category: row.category,
  sealedReason: row.sealed_reason,
  owner: row.owner,
  ownerKey: row.owner_key,
  from: row.from_at.getTime(),
  until: row.until_at.getTime(),
  remindAt: row.remind_at.getTime(),
  remindedAt: millis(row.reminded_at),
  endedAt: millis(row.ended_at),
  endedBy: row.ended_by,
});

/** When the silences end, or ended, that held when the warning `w` was raised; red is never muted. */
export const SILENCED_UNTIL = `CASE WHEN w.level < 3 THEN (
  SELECT max(least(s.until_at, s.ended_at)) FROM risk_silence s
  WHERE s.tenant = w.tenant AND w.area ^@ s.area AND (s.category IS NULL OR w.category ^@ s.category)
    AND s.from_at <= w.raised_at AND w.raised_at < least(s.until_at, s.ended_at)) END`;

export const silences = {
  async add(tx: Transaction, tenant: string, silence: Silence): Promise<void> {
    const { id, area, category, sealedReason, owner, ownerKey, from, until, remindAt } = silence;
    await tx.execute(
      `INSERT INTO risk_silence (tenant, id, area, category, sealed_reason, owner, owner_key, from_at, until_at,
         remind_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      [
        ...[tenant, id, area, category, sealedReason, owner, ownerKey],
        ...[instant(from), instant(until), instant(remindAt)],
      ],
    );
  },

  async find(tx: Transaction, tenant: string, id: string): Promise<Silence | null> {
    const rows = await tx.query<SilenceRow>('SELECT * FROM risk_silence WHERE tenant = $1 AND id = $2', [
      tenant,
      id,
    ]);
    return rows[0] ? silenceOf(rows[0]) : null;
  },

  async remind(tx: Transaction, tenant: string, id: string, at: number): Promise<void> {
    await tx.execute('UPDATE risk_silence SET reminded_at = $3 WHERE tenant = $1 AND id = $2', [
      ...[tenant, id, instant(at)],
    ]);
  },

  async end(tx: Transaction, tenant: string, id: string, at: number, by: string): Promise<void> {
    await tx.execute(
      'UPDATE risk_silence SET ended_at = $3, ended_by = $4 WHERE tenant = $1 AND id = $2 AND ended_at IS NULL',
      [tenant, id, instant(at), by],
    );
  },

  /** Those that touch one of the areas (null: all), the latest first. */
  async latest(
    tx: Transaction,
    tenant: string,
    areas: readonly string[] | null,
    limit: number,
  ): Promise<Silence[]> {
    const rows = await tx.query<SilenceRow>(
      `SELECT * FROM risk_silence s WHERE tenant = $1 AND ($2::text[] IS NULL
         OR EXISTS (SELECT FROM unnest($2::text[]) a WHERE s.area ^@ a OR a ^@ s.area))
       ORDER BY from_at DESC, id LIMIT ${limit}`,
      [tenant, areas],
    );
    return rows.map(silenceOf);
  },
};
