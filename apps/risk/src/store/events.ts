import { booleans, doubles, instants, integers, texts, uuids, type Transaction } from '@linli/store';
import type { Signal } from '../domain/signal.js';
import { columnsOf, instant } from './columns.js';
import { asRaced } from './raced.js';

/** A tenant's event: the key of deduplication. */
export interface EventKey {
  readonly tenant: string;
  readonly source: string;
  readonly id: string;
}

export const textOfKey = ({ tenant, source, id }: EventKey): string => `${tenant}\n${source}\n${id}`;

/** An event that belongs to a place. */
export interface PlacedEvent extends Signal {
  readonly tenant: string;
  readonly placeId: string;
  readonly generation: number;
  readonly category: string;
  readonly area: string;
  readonly grid: string | null;
  readonly building: string | null;
  readonly dispute: string | null;
  readonly point: readonly [number, number] | null;
  readonly receivedAt: number;
  readonly storedAt: number;
  readonly exercise: boolean;
  readonly sealedText: string | null;
}

const INSERT = `
  INSERT INTO risk_event (tenant, source, id, place_id, generation, category, area, grid, building, dispute,
    longitude, latitude, occurred_at, received_at, stored_at, credibility, severity, confirmed, party, vulnerable,
    triggers, sealed_text, exercise)
  SELECT tenant, source, id, place_id, generation, category, area, grid, building, dispute, longitude, latitude,
    occurred_at, received_at, stored_at, credibility, severity, confirmed, party, vulnerable,
    string_to_array(triggers, ','), sealed_text, exercise
  FROM unnest($1::text[], $2::text[], $3::text[], $4::uuid[], $5::int[], $6::text[], $7::text[], $8::text[],
    $9::text[], $10::text[], $11::float8[], $12::float8[], $13::timestamptz[], $14::timestamptz[],
    $15::timestamptz[], $16::float8[], $17::float8[], $18::boolean[], $19::text[], $20::boolean[], $21::text[],
    $22::text[], $23::boolean[])
    AS e (tenant, source, id, place_id, generation, category, area, grid, building, dispute, longitude, latitude,
      occurred_at, received_at, stored_at, credibility, severity, confirmed, party, vulnerable, triggers, sealed_text,
      exercise)
  ORDER BY tenant, source, id`;

const insertColumns = (rows: readonly PlacedEvent[]): Buffer[] => [
  texts(rows, (e) => e.tenant),
  texts(rows, (e) => e.source),
  texts(rows, (e) => e.id),
  uuids(rows, (e) => e.placeId),
  integers(rows, (e) => e.generation),
  texts(rows, (e) => e.category),
  texts(rows, (e) => e.area),
  texts(rows, (e) => e.grid),
  texts(rows, (e) => e.building),
  texts(rows, (e) => e.dispute),
  doubles(rows, (e) => e.point?.[0] ?? null),
  doubles(rows, (e) => e.point?.[1] ?? null),
  instants(rows, (e) => e.occurredAt),
  instants(rows, (e) => e.receivedAt),
  instants(rows, (e) => e.storedAt),
  doubles(rows, (e) => e.credibility),
  doubles(rows, (e) => e.severity),
  booleans(rows, (e) => e.confirmed),
  texts(rows, (e) => e.party),
  booleans(rows, (e) => e.vulnerable),
  texts(rows, (e) => e.triggers.join(',')),
  texts(rows, (e) => e.sealedText),
  booleans(rows, (e) => e.exercise),
];

const keyColumns = (keys: readonly EventKey[]): Buffer[] => [
  texts(keys, (k) => k.tenant),
  texts(keys, (k) => k.source),
  texts(keys, (k) => k.id),
];

interface SignalRow {
  readonly place_id: string;
  readonly generation: number;
  readonly source: string;
  readonly id: string;
  readonly area: string;
  readonly occurred_at: Date;
  readonly credibility: number;
  readonly severity: number;
  readonly confirmed: boolean;
  readonly party: string | null;
  readonly vulnerable: boolean;
  readonly triggers: string[];
}

const SIGNAL = `e.place_id, e.generation, e.source, e.id, e.area, e.occurred_at, e.credibility, e.severity,
  e.confirmed, e.party, e.vulnerable, e.triggers`;

/** A stored event as the score sees it, with where it belongs. */
export interface StoredSignal extends Signal {
  readonly placeId: string;
  readonly generation: number;
  readonly area: string;
}

const signalOf = ({ place_id: placeId, occurred_at: occurredAt, ...row }: SignalRow): StoredSignal => ({
  ...row,
  placeId,
  occurredAt: occurredAt.getTime(),
});

/** What is asked for: the events of one generation of a place from an instant on. */
export interface Stretch {
  readonly placeId: string;
  readonly generation: number;
  readonly from: number;
}

const stretchColumns = (stretches: readonly Stretch[]): Buffer[] => [
  uuids(stretches, (s) => s.placeId),
  integers(stretches, (s) => s.generation),
  instants(stretches, (s) => s.from),
];

export const events = {
  /** Those of the keys that are stored already. */
  async known(tx: Transaction, keys: readonly EventKey[]): Promise<EventKey[]> {
    return tx.query<EventKey>(
      `SELECT tenant, source, id FROM risk_event
       JOIN unnest($1::text[], $2::text[], $3::text[]) AS k (tenant, source, id) USING (tenant, source, id)`,
      keyColumns(keys),
    );
  },

  /** Stores what was not `known` before. */
  async add(tx: Transaction, rows: readonly PlacedEvent[]): Promise<void> {
    if (rows.length === 0) return;
    await tx
      .execute(INSERT, insertColumns(rows))
      .catch(asRaced('some of these events were stored meanwhile'));
  },

  async within(tx: Transaction, stretches: readonly Stretch[]): Promise<StoredSignal[]> {
    if (stretches.length === 0) return [];
    const rows = await tx.query<SignalRow>(
      `SELECT ${SIGNAL} FROM unnest($1::uuid[], $2::int[], $3::timestamptz[]) AS s (place_id, generation, from_at)
       JOIN risk_event e ON e.place_id = s.place_id AND e.generation = s.generation AND e.occurred_at >= s.from_at`,
      stretchColumns(stretches),
    );
    return rows.map(signalOf);
  },

  /** The same, of one party each: through the index by party, however many events the place has. */
  async ofParties(
    tx: Transaction,
    asked: readonly (Stretch & { readonly party: string })[],
  ): Promise<StoredSignal[]> {
    if (asked.length === 0) return [];
    const rows = await tx.query<SignalRow>(
      `SELECT ${SIGNAL}
       FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::text[]) AS s (place_id, generation, from_at, party)
       JOIN risk_event e ON e.place_id = s.place_id AND e.party = s.party AND e.occurred_at >= s.from_at
         AND e.generation = s.generation`,
      [...stretchColumns(asked), texts(asked, ({ party }) => party)],
    );
    return rows.map(signalOf);
  },

  /** Events of all generations of a place by calendar day in Shanghai. */
  async byDay(tx: Transaction, placeId: string): Promise<Map<number, number>> {
    const rows = await tx.query<{ day: number; count: number }>(
      `SELECT floor((extract(epoch FROM occurred_at) + 28800) / 86400)::bigint AS day, count(*) AS count
       FROM risk_event WHERE place_id = $1 GROUP BY 1`,
      [placeId],
    );
    return new Map(rows.map(({ day, count }) => [day, count]));
  },

  /** Notes further copies of events that are stored or in quarantine. */
  async noteDuplicates(
    tx: Transaction,
    copies: readonly (EventKey & { readonly area: string; readonly receivedAt: number })[],
  ): Promise<void> {
    if (copies.length === 0) return;
    await tx.execute(
      `INSERT INTO risk_duplicate AS d (tenant, source, id, received_at, area, copies)
       SELECT tenant, source, id, received_at, min(area), count(*)
       FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[])
         AS c (tenant, source, id, received_at, area)
       GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
       ON CONFLICT (tenant, source, id, received_at) DO UPDATE SET copies = d.copies + excluded.copies`,
      columnsOf(
        copies,
        (c) => c.tenant,
        (c) => c.source,
        (c) => c.id,
        (c) => instant(c.receivedAt),
        (c) => c.area,
      ),
    );
  },
};
