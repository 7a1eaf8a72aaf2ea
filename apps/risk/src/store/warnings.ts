import type { Transaction } from '@linli/store';
import type { Level } from '../domain/colour.js';
import type { Scope } from '../domain/scope.js';
import type { Assessment } from '../domain/score.js';
import type { Status, Warning } from '../domain/warning.js';
import { instant, instantOrNull, millis } from './columns.js';
import type { Point } from './places.js';

/** What a place showed when its warning ended; the place itself starts again. */
export interface Final {
  readonly assessment: Assessment;
  readonly assessedAt: number;
  readonly point: Point | null;
}

/** A warning with what its place shows now: the score moves with the signals, the version counts facts. */
export interface WarningRecord {
  readonly tenant: string;
  readonly warning: Warning;
  /** Null before the first assessment of a place that was cleared by hand. */
  readonly shown: Final | null;
  /** True while the place has not been cleared: its tally is this warning's. */
  readonly open: boolean;
}

export interface WarningRow {
  readonly tenant: string;
  readonly id: string;
  readonly place_id: string;
  readonly generation: number;
  readonly category: string;
  readonly area: string;
  readonly scope_kind: Scope['kind'];
  readonly scope_name: string;
  readonly status: Status;
  readonly level: Level;
  readonly score: number;
  readonly rule_version: string;
  readonly version: number;
  readonly raised_at: Date;
  readonly issued_at: Date | null;
  readonly issued_by: string | null;
  readonly acknowledged_at: Date | null;
  readonly acknowledged_by: string | null;
  readonly verified_at: Date | null;
  readonly updated_at: Date;
  readonly final: Final | null;
  readonly open: boolean;
  readonly assessment: Assessment | null;
  readonly assessed_at: Date | null;
  readonly point: Point | null;
}

/** `w` is the warning, `p` its place. */
export const WARNING_ROWS = `SELECT w.*, p.generation = w.generation AS open, p.assessment, p.assessed_at, p.point
  FROM warning w JOIN risk_place p ON p.id = w.place_id`;

/** When a warning as it is shown last changed: by a fact of its own, or by the assessment it shows. */
export const CHANGED_AT = `greatest(w.updated_at, CASE WHEN p.generation = w.generation THEN p.assessed_at
  ELSE to_timestamp((w.final->>'assessedAt')::float8 / 1000) END)`;

const shownIn = (row: WarningRow): Final | null => {
  if (!row.open) return row.final;
  if (!row.assessment || !row.assessed_at) return null;
  return { assessment: row.assessment, assessedAt: row.assessed_at.getTime(), point: row.point };
};

export const recordOf = (row: WarningRow): WarningRecord => ({
  tenant: row.tenant,
  open: row.open,
  shown: shownIn(row),
  warning: {
    id: row.id,
    placeId: row.place_id,
    generation: row.generation,
    category: row.category,
    area: row.area,
    scope: { kind: row.scope_kind, name: row.scope_name },
    status: row.status,
    level: row.level,
    score: row.score,
    ruleVersion: row.rule_version,
    version: row.version,
    raisedAt: row.raised_at.getTime(),
    issuedAt: millis(row.issued_at),
    issuedBy: row.issued_by,
    acknowledgedAt: millis(row.acknowledged_at),
    acknowledgedBy: row.acknowledged_by,
    verifiedAt: millis(row.verified_at),
    updatedAt: row.updated_at.getTime(),
  },
});

const fixed = (w: Warning): unknown[] => [
  ...[w.placeId, w.generation, w.category, w.area, w.scope.kind, w.scope.name],
  instant(w.raisedAt),
];

const changing = (w: Warning): unknown[] => [
  ...[w.status, w.level, w.score, w.ruleVersion, w.version, instant(w.updatedAt)],
  ...[instantOrNull(w.issuedAt), w.issuedBy, instantOrNull(w.acknowledgedAt), w.acknowledgedBy],
  instantOrNull(w.verifiedAt),
];

const INSERT = `INSERT INTO warning (tenant, id, status, level, score, rule_version, version, updated_at,
    issued_at, issued_by, acknowledged_at, acknowledged_by, verified_at,
    place_id, generation, category, area, scope_kind, scope_name, raised_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`;

const UPDATE = `UPDATE warning SET status = $3, level = $4, score = $5, rule_version = $6, version = $7,
    updated_at = $8, issued_at = $9, issued_by = $10, acknowledged_at = $11, acknowledged_by = $12, verified_at = $13
  WHERE tenant = $1 AND id = $2 AND version = $14`;

/** Somebody else wrote the aggregate: cannot be while each has one writer, and must not pass unseen. */
class LostUpdate extends Error {
  override readonly name = 'LostUpdate';
}

export const warnings = {
  async find(tx: Transaction, tenant: string, id: string): Promise<WarningRecord | null> {
    const rows = await tx.query<WarningRow>(`${WARNING_ROWS} WHERE w.tenant = $1 AND w.id = $2`, [
      tenant,
      id,
    ]);
    return rows[0] ? recordOf(rows[0]) : null;
  },

  async add(tx: Transaction, tenant: string, warning: Warning): Promise<void> {
    await tx.execute(INSERT, [tenant, warning.id, ...changing(warning), ...fixed(warning)]);
  },

  /** Rejects when the stored version is not `before`. */
  async save(tx: Transaction, tenant: string, warning: Warning, before: number): Promise<void> {
    const rows = await tx.execute(UPDATE, [tenant, warning.id, ...changing(warning), before]);
    if (rows !== 1) throw new LostUpdate(`warning ${warning.id} is not at version ${before}`);
  },

  /** Keeps what its place showed at the end. */
  async close(tx: Transaction, tenant: string, id: string, final: Final): Promise<void> {
    await tx.execute('UPDATE warning SET final = $3 WHERE tenant = $1 AND id = $2', [
      tenant,
      id,
      JSON.stringify(final),
    ]);
  },

  async note(
    tx: Transaction,
    { tenant, warning }: Pick<WarningRecord, 'tenant' | 'warning'>,
    sealedText: string,
  ): Promise<void> {
    await tx.execute(
      'INSERT INTO warning_note (tenant, warning_id, version, area, sealed_text) VALUES ($1, $2, $3, $4, $5)',
      [tenant, warning.id, warning.version, warning.area, sealedText],
    );
  },

  /** Sealed texts by version. */
  async notes(tx: Transaction, tenant: string, id: string): Promise<Map<number, string>> {
    const rows = await tx.query<{ version: number; sealed_text: string }>(
      'SELECT version, sealed_text FROM warning_note WHERE tenant = $1 AND warning_id = $2',
      [tenant, id],
    );
    return new Map(rows.map((row) => [row.version, row.sealed_text]));
  },
};
