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

/** How a column is written, as JSON. */
export type Column = readonly [name: string, of: (warning: Warning) => unknown];

/** What a fact may change. */
export const changing: readonly Column[] = [
  ['status', (w) => w.status],
  ['level', (w) => w.level],
  ['score', (w) => w.score],
  ['rule_version', (w) => w.ruleVersion],
  ['version', (w) => w.version],
  ['updated_at', (w) => instant(w.updatedAt)],
  ['issued_at', (w) => instantOrNull(w.issuedAt)],
  ['issued_by', (w) => w.issuedBy],
  ['acknowledged_at', (w) => instantOrNull(w.acknowledgedAt)],
  ['acknowledged_by', (w) => w.acknowledgedBy],
  ['verified_at', (w) => instantOrNull(w.verifiedAt)],
];

/** What is said once, when it is raised. */
export const fixed: readonly Column[] = [
  ['place_id', (w) => w.placeId],
  ['generation', (w) => w.generation],
  ['category', (w) => w.category],
  ['area', (w) => w.area],
  ['scope_kind', (w) => w.scope.kind],
  ['scope_name', (w) => w.scope.name],
  ['raised_at', (w) => instant(w.raisedAt)],
];
