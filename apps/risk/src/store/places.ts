import { allOf } from '@linli/kernel';
import { booleans, doubles, instants, integers, texts, uuids, type Transaction } from '@linli/store';
import type { Level } from '../domain/colour.js';
import { COLUMNS, placeOf, type Answered, type Place, type PlaceName, type PlaceRow } from './place.row.js';
import { asRaced } from './raced.js';

const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

const STATE = 'generation, told_level, tally, baseline, point, score, assessment, assessed_at';

const ADD = `
  INSERT INTO risk_place (id, ${STATE}, tenant, category, area, scope_kind, scope_name, exercise)
  SELECT id, generation, told_level, tally::json, baseline::json, point::json, score, assessment::json, assessed_at,
    tenant, category, area, scope_kind, scope_name, exercise
  FROM unnest($1::uuid[], $2::int[], $3::int[], $4::text[], $5::text[], $6::text[], $7::float8[], $8::text[],
    $9::timestamptz[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[],
    $15::boolean[])
    AS p (id, ${STATE}, tenant, category, area, scope_kind, scope_name, exercise)
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
  booleans(of, (p) => p.exercise),
];

const update = async (tx: Transaction, moved: readonly Place[]): Promise<void> => {
  if (moved.length > 0) await tx.execute(SAVE, stateColumns(moved));
};

const insert = async (tx: Transaction, made: readonly Place[]): Promise<void> => {
  if (made.length === 0) return;
  await tx
    .execute(ADD, [...stateColumns(made), ...nameColumns(made)])
    .catch(asRaced('some of these places were made meanwhile'));
};

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
    await allOf([
      update(
        tx,
        changed.filter(({ stored }) => stored),
      ),
      insert(
        tx,
        changed.filter(({ stored }) => !stored),
      ),
    ]);
  },
};
