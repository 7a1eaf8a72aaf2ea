import { allOf } from '@linli/kernel';
import type { Transaction } from '@linli/store';
import type { Level } from '../domain/colour.js';
import { columnsOf } from './columns.js';
import { heldIn, holdIn, type Held, type Note, type Unwritten } from './held.js';
import type { Place } from './place.row.js';
import { places } from './places.js';
import { SILENCED_UNTIL } from './silences.js';
import { changing, fixed, recordOf, type Final, type WarningRecord, type WarningRow } from './warning.row.js';

/** `w` is the warning, `p` its place. */
export const WARNING_ROWS = `SELECT w.*, p.generation = w.generation AS open, p.assessment, p.assessed_at, p.point,
    (SELECT t.palette FROM risk_palette t WHERE t.tenant = w.tenant) AS palette,
    ${SILENCED_UNTIL} AS silenced_until
  FROM warning w JOIN risk_place p ON p.id = w.place_id`;

/** When a warning as it is shown last changed: by a fact of its own, or by the assessment it shows. */
export const CHANGED_AT = `greatest(w.updated_at, CASE WHEN p.generation = w.generation THEN p.assessed_at
  ELSE to_timestamp((w.final->>'assessedAt')::float8 / 1000) END)`;

const all = ['tenant', 'id', 'clocks', ...[...changing, ...fixed].map(([name]) => name)].join(', ');

const INSERT = `INSERT INTO warning (${all}) SELECT ${all} FROM json_populate_recordset(NULL::warning, $1::json)`;

const UPDATE = `UPDATE warning w SET clocks = c.clocks, ${changing.map(([name]) => `${name} = c.${name}`).join(', ')}
  FROM json_populate_recordset(NULL::warning, $1::json) c
  JOIN unnest($2::text[], $3::uuid[], $4::int[]) AS was (tenant, id, version) USING (tenant, id)
  WHERE w.tenant = c.tenant AND w.id = c.id AND w.version = was.version`;

const NOTE = `INSERT INTO warning_note (tenant, warning_id, version, area, sealed_text)
  SELECT * FROM unnest($1::text[], $2::uuid[], $3::int[], $4::text[], $5::text[])`;

const rowsOf = (of: readonly Unwritten[]): string =>
  JSON.stringify(
    of.map(({ tenant, warning, clocks }) => ({
      ...{ tenant, id: warning.id, clocks },
      ...Object.fromEntries([...changing, ...fixed].map(([name, valueOf]) => [name, valueOf(warning)])),
    })),
  );

/** Somebody else wrote the aggregate: cannot be while each has one writer, and must not pass unseen. */
class LostUpdate extends Error {
  override readonly name = 'LostUpdate';
}

const update = async (tx: Transaction, of: readonly Unwritten[]): Promise<void> => {
  const was = columnsOf(
    of,
    ({ tenant }) => tenant,
    ({ warning }) => warning.id,
    ({ before }) => before,
  );
  if ((await tx.execute(UPDATE, [rowsOf(of), ...was])) === of.length) return;
  const which = of.map(({ warning, before }) => `warning ${warning.id} is not at version ${before}`);
  throw new LostUpdate(which.join(' or '));
};

const insertNotes = (tx: Transaction, of: readonly Note[]): Promise<number> =>
  tx.execute(
    NOTE,
    columnsOf(
      of,
      ({ tenant }) => tenant,
      ({ warning }) => warning.id,
      ({ warning }) => warning.version,
      ({ warning }) => warning.area,
      ({ sealedText }) => sealedText,
    ),
  );

const write = async (tx: Transaction, { warnings: of, notes }: ReturnType<Held['take']>): Promise<void> => {
  const [added, changed] = [
    of.filter(({ before }) => before === null),
    of.filter(({ before }) => before !== null),
  ];
  await allOf(
    [
      added.length > 0 ? tx.execute(INSERT, [rowsOf(added)]) : null,
      changed.length > 0 ? update(tx, changed) : null,
      notes.length > 0 ? insertNotes(tx, notes) : null,
    ].filter((one) => one !== null),
  );
};

/** What a place that is there shows of the warning that it raises. */
const shownBy = ({ assessment, assessedAt, point }: Place): Final | null =>
  assessment && assessedAt !== null ? { assessment, assessedAt, point } : null;

/** A warning and its clocks: written together. */
export type Stand = Pick<WarningRecord, 'warning' | 'clocks'>;

/** Nobody has seen it yet: people who ask for it come in a later chunk, which reads how it is named and muted. */
const recordOfNew = (tenant: string, { warning, clocks }: Stand, place: Place): WarningRecord => ({
  ...{ tenant, warning, clocks, shown: shownBy(place), open: true },
  ...{ palette: null, silencedUntil: null },
});

export const warnings = {
  /** Reads some at once; from here on they are changed in memory, until what it answers is called. */
  async hold(
    tx: Transaction,
    names: readonly { tenant: string; id: string }[],
  ): Promise<() => Promise<void>> {
    const held = holdIn(tx);
    const keys = columnsOf(
      names,
      ({ tenant }) => tenant,
      ({ id }) => id,
    );
    for (const { tenant, id } of names) held.put(tenant, id, null);
    const rows = await tx.query<WarningRow>(
      `${WARNING_ROWS} JOIN unnest($1::text[], $2::uuid[]) AS k (tenant, id) ON w.tenant = k.tenant AND w.id = k.id`,
      keys,
    );
    for (const row of rows) held.put(row.tenant, row.id, recordOf(row));
    return () => write(tx, held.take());
  },

  async flush(tx: Transaction): Promise<void> {
    const held = heldIn(tx);
    if (held) await write(tx, held.take());
  },

  async find(tx: Transaction, tenant: string, id: string): Promise<WarningRecord | null> {
    const held = heldIn(tx)?.find(tenant, id);
    if (held !== undefined) return held;
    const rows = await tx.query<WarningRow>(`${WARNING_ROWS} WHERE w.tenant = $1 AND w.id = $2`, [
      tenant,
      id,
    ]);
    return rows[0] ? recordOf(rows[0]) : null;
  },

  /** As it is stored; nobody may change it until the transaction ends. */
  async findLocked(tx: Transaction, tenant: string, id: string): Promise<WarningRecord | null> {
    await this.flush(tx);
    const rows = await tx.query<WarningRow>(
      `${WARNING_ROWS} WHERE w.tenant = $1 AND w.id = $2 FOR SHARE OF w`,
      [tenant, id],
    );
    return rows[0] ? recordOf(rows[0]) : null;
  },

  async add(tx: Transaction, tenant: string, stand: Stand): Promise<void> {
    const held = heldIn(tx);
    const place = places.heldIn(tx, stand.warning.placeId);
    if (held && place) held.change(recordOfNew(tenant, stand, place), null);
    else await write(tx, { warnings: [{ tenant, ...stand, before: null }], notes: [] });
  },

  /** Rejects, now or when it is written, when the stored version is not `before`. */
  async save(tx: Transaction, tenant: string, stand: Stand, before: number): Promise<void> {
    const held = heldIn(tx);
    const record = held?.find(tenant, stand.warning.id);
    if (held && record) held.change({ ...record, ...stand }, before);
    else await write(tx, { warnings: [{ tenant, ...stand, before }], notes: [] });
  },

  /** Keeps what its place showed at the end. */
  async close(tx: Transaction, tenant: string, id: string, final: Final): Promise<void> {
    await this.flush(tx);
    heldIn(tx)?.forget(tenant, id);
    await tx.execute('UPDATE warning SET final = $3 WHERE tenant = $1 AND id = $2', [
      tenant,
      id,
      JSON.stringify(final),
    ]);
  },

  /** The same for the present warnings of some places, from what these show. */
  async keepFinals(tx: Transaction, placeIds: readonly string[]): Promise<void> {
    await tx.execute(
      `UPDATE warning w SET final = jsonb_build_object('assessment', p.assessment,
         'assessedAt', (extract(epoch FROM p.assessed_at) * 1000)::bigint, 'point', p.point)
       FROM risk_place p
       WHERE p.id = ANY ($1::uuid[]) AND p.assessment IS NOT NULL
         AND w.place_id = p.id AND w.generation = p.generation`,
      [placeIds],
    );
  },

  async note(
    tx: Transaction,
    { tenant, warning }: Pick<WarningRecord, 'tenant' | 'warning'>,
    sealedText: string,
  ): Promise<void> {
    const held = heldIn(tx);
    const note: Note = { tenant, warning, sealedText };
    if (held) held.note(note);
    else await write(tx, { warnings: [], notes: [note] });
  },

  /** The colour of some, by their ids. */
  async levels(tx: Transaction, tenant: string, ids: readonly string[]): Promise<Map<string, Level>> {
    const rows = await tx.query<Pick<WarningRow, 'id' | 'level'>>(
      'SELECT id, level FROM warning WHERE tenant = $1 AND id = ANY ($2::uuid[])',
      [tenant, ids],
    );
    return new Map(rows.map(({ id, level }) => [id, level]));
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
