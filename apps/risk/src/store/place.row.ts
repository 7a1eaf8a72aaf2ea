import { emptyBaseline, type Baseline } from '../domain/baseline.js';
import type { Level } from '../domain/colour.js';
import type { Scope } from '../domain/scope.js';
import type { Assessment } from '../domain/score.js';
import type { Tally } from '../domain/tally.js';
import { millis } from './columns.js';

/** A place to point at: that of the earliest event which had one; `key` settles a tie. */
export interface Point {
  readonly at: number;
  readonly key: string;
  readonly longitude: number;
  readonly latitude: number;
}

/** (tenant, category, scope, exercise or not): what gets a score and, at most once at a time, a warning. */
export interface PlaceName {
  readonly id: string;
  readonly tenant: string;
  readonly category: string;
  /** Of a dispute: the area of its first event. */
  readonly area: string;
  readonly scope: Scope;
  readonly exercise: boolean;
}

/** What people decided about the warning of a place. */
export interface Answered {
  /** The day (number, Shanghai) on which they last did: floors and triggers from before it do not raise it again. */
  readonly day: number;
  /**
   * The danger is gone since then: a newer signal reopens the warning. `until`: when that ends, null while it is not
   * closed.
   */
  readonly resting: { readonly since: number; readonly until: number | null } | null;
}

export interface Place extends PlaceName {
  /** False: to be made. */
  readonly stored: boolean;
  /** How often it was cleared: its warning ended and it starts again from nothing. */
  readonly generation: number;
  /** The highest level that this generation was already told to the warning. */
  readonly toldLevel: Level;
  /** Null: nothing yet in this generation. */
  readonly answered: Answered | null;
  /** How often people lowered or reopened its warnings: a level may be told again after that. */
  readonly rounds: number;
  /** Null: nothing counted in this generation yet. */
  readonly tally: Tally | null;
  readonly baseline: Baseline;
  readonly point: Point | null;
  /** Of the last assessment; null before the first. */
  readonly score: number | null;
  /** All of the last assessment, kept once a level was told; before that it follows from the rest (see `shownOf`). */
  readonly assessment: Assessment | null;
  /** By the clock, not the `t` of the assessment. */
  readonly assessedAt: number | null;
}

export interface PlaceRow {
  readonly id: string;
  readonly tenant: string;
  readonly category: string;
  readonly area: string;
  readonly scope_kind: Scope['kind'];
  readonly scope_name: string;
  readonly exercise: boolean;
  readonly generation: number;
  readonly told_level: Level;
  readonly answered: (Answered & { readonly generation: number }) | null;
  readonly rounds: number;
  readonly tally: Tally | null;
  readonly baseline: Baseline | null;
  readonly point: Point | null;
  readonly score: number | null;
  readonly assessment: Assessment | null;
  readonly assessed_at: Date | null;
}

/** What is read of a place. */
export const COLUMNS = `id, tenant, category, area, scope_kind, scope_name, exercise, generation, told_level, answered,
  rounds, tally, baseline, point, score, assessment, assessed_at`;

export const placeOf = (row: PlaceRow): Place => ({
  id: row.id,
  tenant: row.tenant,
  category: row.category,
  area: row.area,
  scope: { kind: row.scope_kind, name: row.scope_name },
  exercise: row.exercise,
  stored: true,
  generation: row.generation,
  toldLevel: row.told_level,
  answered: row.answered?.generation === row.generation ? row.answered : null,
  rounds: row.rounds,
  tally: row.tally,
  baseline: row.baseline ?? emptyBaseline,
  point: row.point,
  score: row.score,
  assessment: row.assessment,
  assessedAt: millis(row.assessed_at),
});

/** A place that is not there yet. */
export const blank = ({ id, tenant, category, area, scope, exercise }: PlaceName): Place => ({
  id,
  tenant,
  category,
  area,
  scope,
  exercise,
  stored: false,
  generation: 0,
  toldLevel: 0,
  answered: null,
  rounds: 0,
  tally: null,
  baseline: emptyBaseline,
  point: null,
  score: null,
  assessment: null,
  assessedAt: null,
});

/** The same place in its next generation, from nothing: its warning has ended. */
export const cleared = (place: Place): Place => ({
  ...place,
  generation: place.generation + 1,
  ...{
    toldLevel: 0,
    answered: null,
    tally: null,
    point: null,
    score: null,
    assessment: null,
    assessedAt: null,
  },
});
