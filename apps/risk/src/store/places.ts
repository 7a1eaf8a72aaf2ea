import { doubles, instants, integers, texts, uuids, type Transaction } from '@linli/store';
import { emptyBaseline, type Baseline } from '../domain/baseline.js';
import type { Level } from '../domain/colour.js';
import type { Scope } from '../domain/scope.js';
import type { Assessment } from '../domain/score.js';
import type { Tally } from '../domain/tally.js';
import { millis } from './columns.js';
import { asRaced } from './raced.js';

/** A place to point at: that of the earliest event which had one; `key` settles a tie. */
export interface Point {
  readonly at: number;
  readonly key: string;
  readonly longitude: number;
  readonly latitude: number;
}

/** (tenant, category, scope): what gets a score and, at most once at a time, a warning. */
export interface PlaceName {
  readonly id: string;
  readonly tenant: string;
  readonly category: string;
  /** Of a dispute: the area of its first event. */
  readonly area: string;
  readonly scope: Scope;
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

interface PlaceRow {
  readonly id: string;
  readonly tenant: string;
  readonly category: string;
  readonly area: string;
  readonly scope_kind: Scope['kind'];
  readonly scope_name: string;
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

const COLUMNS = `id, tenant, category, area, scope_kind, scope_name, generation, told_level, answered, rounds, tally,
  baseline, point, score, assessment, assessed_at`;

const placeOf = (row: PlaceRow): Place => ({
  id: row.id,
  tenant: row.tenant,
  category: row.category,
  area: row.area,
  scope: { kind: row.scope_kind, name: row.scope_name },
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

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

const STATE = 'generation, told_level, tally, baseline, point, score, assessment, assessed_at';

const ADD = `
  INSERT INTO risk_place (id, ${STATE}, tenant, category, area, scope_kind, scope_name)
  SELECT id, generation, told_level, tally::json, baseline::json, point::json, score, assessment::json, assessed_at,
    tenant, category, area, scope_kind, scope_name
  FROM unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::text[], $6::text[], $7::float8[], $8::text[],
    $9::timestamptz[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[])
    AS p (id, ${STATE}, tenant, category, area, scope_kind, scope_name)
  ORDER BY id`;

const SAVE = `
  UPDATE risk_place p SET generation = c.generation, told_level = c.told_level, tally = c.tally::json,
    baseline = c.baseline::json, point = c.point::json, score = c.score, assessment = c.assessment::json,
    assessed_at = c.assessed_at
  FROM unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::text[], $6::text[], $7::float8[], $8::text[],
    $9::timestamptz[]) AS c (id, ${STATE})
  WHERE p.id = c.id`;

const stateColumns = (of: readonly Place[]): Buffer[] => [
  uuids(of, (p) => p.id),
  integers(of, (p) => p.generation),
  integers(of, (p) => p.toldLevel),
  texts(of, (p) => json(p.tally)),
  texts(of, (p) => json(p.baseline)),
  texts(of, (p) => json(p.point)),
  doubles(of, (p) => p.score),
  texts(of, (p) => (p.toldLevel > 0 ? json(p.assessment) : null)),
  instants(of, (p) => p.assessedAt),
];

const nameColumns = (of: readonly PlaceName[]): Buffer[] => [
  texts(of, (p) => p.tenant),
  texts(of, (p) => p.category),
  texts(of, (p) => p.area),
  texts(of, (p) => p.scope.kind),
  texts(of, (p) => p.scope.name),
];

/** A place that is not there yet. */
export const blank = ({ id, tenant, category, area, scope }: PlaceName): Place => ({
  id,
  tenant,
  category,
  area,
  scope,
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

/** Of one transaction, until they are saved: see `hold`. */
const held = new WeakMap<Transaction, Map<string, Place>>();

export const places = {
  /** Those that exist, locked until the transaction ends, always in the order of their ids: two never wait crosswise. */
  async lock(tx: Transaction, ids: readonly string[]): Promise<Place[]> {
    if (ids.length === 0) return [];
    const rows = await tx.query<PlaceRow>(
      `SELECT ${COLUMNS} FROM risk_place WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`,
      [uuids(ids, (id) => id)],
    );
    return rows.map(placeOf);
  },

  /** Reads some at once, for `find`. */
  async hold(tx: Transaction, ids: readonly string[]): Promise<void> {
    held.set(tx, new Map((await places.find(tx, ids)).map((place) => [place.id, place])));
  },

  heldIn(tx: Transaction, id: string): Place | undefined {
    return held.get(tx)?.get(id);
  },

  async find(tx: Transaction, ids: readonly string[]): Promise<Place[]> {
    if (ids.length === 0) return [];
    const read = held.get(tx);
    if (read && ids.every((id) => read.has(id))) return ids.toSorted().flatMap((id) => read.get(id) ?? []);
    const rows = await tx.query<PlaceRow>(
      `SELECT ${COLUMNS} FROM risk_place WHERE id = ANY ($1::uuid[]) ORDER BY id`,
      [ids],
    );
    return rows.map(placeOf);
  },

  /** A page of the ids of assessed places whose generation raised no warning, in order. */
  async unwarnedAfter(
    tx: Transaction,
    { tenant, after, limit }: { tenant: string | null; after: string | null; limit: number },
  ): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(
      `SELECT p.id FROM risk_place p WHERE p.assessed_at IS NOT NULL
         AND ($1::text IS NULL OR p.tenant = $1) AND ($2::uuid IS NULL OR p.id > $2)
         AND NOT EXISTS (SELECT FROM warning w WHERE w.place_id = p.id AND w.generation = p.generation)
       ORDER BY p.id LIMIT $3`,
      [tenant, after, limit],
    );
    return rows.map(({ id }) => id);
  },

  /** What people decided about the warning of a generation of a place; nothing when the place was cleared since. */
  async answer(
    tx: Transaction,
    { id, generation }: Pick<Place, 'id' | 'generation'>,
    toldLevel: Level,
    answered: Answered,
  ): Promise<void> {
    held.get(tx)?.delete(id);
    await tx.execute(
      `UPDATE risk_place SET told_level = $3, answered = $4::json, rounds = rounds + 1
       WHERE id = $1 AND generation = $2`,
      [id, generation, toldLevel, json({ ...answered, generation })],
    );
  },

  /** Two who make the same place at once: the second is to look again. After all locks and other writes, in order. */
  async save(tx: Transaction, changed: readonly Place[]): Promise<void> {
    for (const { id } of changed) held.get(tx)?.delete(id);
    const moved = changed.filter(({ stored }) => stored);
    if (moved.length > 0) await tx.execute(SAVE, stateColumns(moved));
    const made = changed.filter(({ stored }) => !stored);
    if (made.length === 0) return;
    await tx
      .execute(ADD, [...stateColumns(made), ...nameColumns(made)])
      .catch(asRaced('some of these places were made meanwhile'));
  },
};
