import type { Clocks } from '../domain/clocks.js';
import type { Level } from '../domain/colour.js';
import type { Scope } from '../domain/scope.js';
import type { Assessment } from '../domain/score.js';
import type { Outcome } from '../domain/warning.commands.js';
import type { Course, Status, Warning } from '../domain/warning.js';
import { instant, instantOrNull, millis } from './columns.js';
import type { Point } from './place.row.js';

/** What a place showed when its warning ended; the place itself starts again. */
export interface Final {
  readonly assessment: Assessment;
  readonly assessedAt: number;
  readonly point: Point | null;
}

/** A warning with what its place shows now: the score moves with the signals, the version counts facts. */
export interface WarningRecord {
  readonly tenant: string;
  /** Name of the palette of the tenant; null: it chose none. */
  readonly palette: string | null;
  /** When the silences end that held when it was raised; null: none did. */
  readonly silencedUntil: number | null;
  readonly warning: Warning;
  readonly clocks: Clocks;
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
  readonly exercise: boolean;
  readonly status: Status;
  readonly level: Level;
  readonly level_since: Date;
  readonly peak: Level;
  readonly score: number;
  readonly rule_version: string;
  readonly version: number;
  readonly raised_at: Date;
  readonly issued_at: Date | null;
  readonly issued_by: string | null;
  readonly issued_level: Level | null;
  readonly acknowledged_at: Date | null;
  readonly acknowledged_by: string | null;
  readonly on_site_at: Date | null;
  readonly verified_at: Date | null;
  readonly updated_at: Date;
  readonly plan_due: Date | null;
  readonly external: Course['external'];
  readonly links: Course['links'];
  readonly monitored_at: Date | null;
  readonly visits: number;
  readonly outcome: Outcome | null;
  readonly happened_at: Date | null;
  readonly closed_at: Date | null;
  readonly merged_into: string | null;
  readonly final: Final | null;
  readonly open: boolean;
  readonly assessment: Assessment | null;
  readonly assessed_at: Date | null;
  readonly point: Point | null;
  readonly palette: string | null;
  readonly silenced_until: Date | null;
  readonly clocks: Clocks;
  readonly supervision: Warning['supervision'];
}

const shownIn = (row: WarningRow): Final | null => {
  if (!row.open) return row.final;
  if (!row.assessment || !row.assessed_at) return null;
  return { assessment: row.assessment, assessedAt: row.assessed_at.getTime(), point: row.point };
};

const courseOf = (row: WarningRow): Course => ({
  planDue: millis(row.plan_due),
  external: row.external,
  links: row.links,
  monitoredAt: millis(row.monitored_at),
  visits: row.visits,
  outcome: row.outcome,
  happenedAt: millis(row.happened_at),
  closedAt: millis(row.closed_at),
  mergedInto: row.merged_into,
});

const warningOf = (row: WarningRow): Warning => ({
  ...courseOf(row),
  id: row.id,
  placeId: row.place_id,
  generation: row.generation,
  category: row.category,
  area: row.area,
  scope: { kind: row.scope_kind, name: row.scope_name },
  exercise: row.exercise,
  status: row.status,
  level: row.level,
  levelSince: row.level_since.getTime(),
  peak: row.peak,
  score: row.score,
  ruleVersion: row.rule_version,
  version: row.version,
  raisedAt: row.raised_at.getTime(),
  issuedAt: millis(row.issued_at),
  issuedBy: row.issued_by,
  issuedLevel: row.issued_level,
  acknowledgedAt: millis(row.acknowledged_at),
  acknowledgedBy: row.acknowledged_by,
  onSiteAt: millis(row.on_site_at),
  verifiedAt: millis(row.verified_at),
  updatedAt: row.updated_at.getTime(),
  supervision: row.supervision,
});

export const recordOf = (row: WarningRow): WarningRecord => ({
  tenant: row.tenant,
  palette: row.palette,
  silencedUntil: millis(row.silenced_until),
  open: row.open,
  shown: shownIn(row),
  warning: warningOf(row),
  clocks: row.clocks,
});

/** How a column is written, as JSON. */
export type Column = readonly [name: string, of: (warning: Warning) => unknown];

/** What a fact may change. */
export const changing: readonly Column[] = [
  ['status', (w) => w.status],
  ['level', (w) => w.level],
  ['level_since', (w) => instant(w.levelSince)],
  ['peak', (w) => w.peak],
  ['score', (w) => w.score],
  ['rule_version', (w) => w.ruleVersion],
  ['version', (w) => w.version],
  ['updated_at', (w) => instant(w.updatedAt)],
  ['issued_at', (w) => instantOrNull(w.issuedAt)],
  ['issued_by', (w) => w.issuedBy],
  ['issued_level', (w) => w.issuedLevel],
  ['acknowledged_at', (w) => instantOrNull(w.acknowledgedAt)],
  ['acknowledged_by', (w) => w.acknowledgedBy],
  ['on_site_at', (w) => instantOrNull(w.onSiteAt)],
  ['verified_at', (w) => instantOrNull(w.verifiedAt)],
  ['plan_due', (w) => instantOrNull(w.planDue)],
  ['external', (w) => w.external],
  ['links', (w) => w.links],
  ['monitored_at', (w) => instantOrNull(w.monitoredAt)],
  ['visits', (w) => w.visits],
  ['outcome', (w) => w.outcome],
  ['happened_at', (w) => instantOrNull(w.happenedAt)],
  ['closed_at', (w) => instantOrNull(w.closedAt)],
  ['merged_into', (w) => w.mergedInto],
  ['supervision', (w) => w.supervision],
];

/** What is said once, when it is raised. */
export const fixed: readonly Column[] = [
  ['place_id', (w) => w.placeId],
  ['generation', (w) => w.generation],
  ['category', (w) => w.category],
  ['area', (w) => w.area],
  ['scope_kind', (w) => w.scope.kind],
  ['scope_name', (w) => w.scope.name],
  ['exercise', (w) => w.exercise],
  ['raised_at', (w) => instant(w.raisedAt)],
];
