import { IntakeEvent } from '@linli/contracts';
import { texts, type Transaction } from '@linli/store';
import { columnsOf, instant } from './columns.js';
import type { EventKey } from './events.js';

export type Reason = 'category' | 'area';

/** An event whose category or area is not known: kept whole until it is. */
export interface Quarantined {
  readonly tenant: string;
  readonly receivedAt: number;
  readonly storedAt: number;
  readonly reason: Reason;
  readonly event: IntakeEvent;
}

/** What an event was sent with. */
export interface Kind {
  readonly tenant: string;
  readonly category: string;
  readonly area: string;
}

const keyColumns = (keys: readonly EventKey[]): Buffer[] => [
  texts(keys, (k) => k.tenant),
  texts(keys, (k) => k.source),
  texts(keys, (k) => k.id),
];
const KEYS = 'unnest($1::text[], $2::text[], $3::text[]) AS k (tenant, source, id)';

export const quarantine = {
  /** Takes out those of the keys that are here: always in the order of keys, so that two never wait crosswise. */
  async remove(
    tx: Transaction,
    keys: readonly EventKey[],
  ): Promise<(EventKey & { area: string; receivedAt: number })[]> {
    if (keys.length === 0) return [];
    const rows = await tx.query<EventKey & { area: string; received_at: Date }>(
      `WITH there AS (
         SELECT q.tenant, q.source, q.id FROM risk_quarantine q JOIN ${KEYS} USING (tenant, source, id)
         ORDER BY q.tenant, q.source, q.id FOR UPDATE OF q)
       DELETE FROM risk_quarantine q USING there t
       WHERE q.tenant = t.tenant AND q.source = t.source AND q.id = t.id
       RETURNING q.tenant, q.source, q.id, q.area, q.received_at`,
      keyColumns(keys),
    );
    return rows.map(({ received_at, ...row }) => ({ ...row, receivedAt: received_at.getTime() }));
  },

  /** Keeps what is not there yet and answers which these were. */
  async add(tx: Transaction, items: readonly Quarantined[]): Promise<EventKey[]> {
    if (items.length === 0) return [];
    return tx.query<EventKey>(
      `INSERT INTO risk_quarantine
         (tenant, source, id, reason, category, area, occurred_at, received_at, stored_at, event)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
         $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $10::jsonb[]) ORDER BY 1, 2, 3
       ON CONFLICT DO NOTHING RETURNING tenant, source, id`,
      columnsOf(
        items,
        (q) => q.tenant,
        (q) => q.event.source,
        (q) => q.event.id,
        (q) => q.reason,
        (q) => q.event.category,
        (q) => q.event.area,
        (q) => instant(q.event.occurredAt),
        (q) => instant(q.receivedAt),
        (q) => instant(q.storedAt),
        (q) => JSON.stringify(q.event),
      ),
    );
  },

  /** What was sent with the events that a tenant has here: each pair of category and area once. */
  async kinds(tx: Transaction, tenant: string, source: string | null): Promise<Kind[]> {
    return tx.query<Kind>(
      `SELECT DISTINCT tenant, category, area FROM risk_quarantine
       WHERE tenant = $1 AND ($2::text IS NULL OR source = $2)`,
      [tenant, source],
    );
  },

  /** Takes events of some kinds out, at most `limit`. */
  async take(
    tx: Transaction,
    asked: { tenant: string; source: string | null; kinds: readonly Kind[]; limit: number },
  ): Promise<(EventKey & { receivedAt: number; event: IntakeEvent })[]> {
    if (asked.kinds.length === 0) return [];
    const rows = await tx.query<EventKey & { received_at: Date; event: unknown }>(
      `WITH taken AS (
         SELECT q.tenant, q.source, q.id FROM risk_quarantine q
         JOIN unnest($3::text[], $4::text[]) AS k (category, area) USING (category, area)
         WHERE q.tenant = $1 AND ($2::text IS NULL OR q.source = $2)
         ORDER BY q.source, q.id LIMIT $5)
       DELETE FROM risk_quarantine q USING taken t
       WHERE q.tenant = t.tenant AND q.source = t.source AND q.id = t.id
       RETURNING q.tenant, q.source, q.id, q.received_at, q.event`,
      [
        ...[asked.tenant, asked.source],
        ...columnsOf(
          asked.kinds,
          (k) => k.category,
          (k) => k.area,
        ),
        asked.limit,
      ],
    );
    return rows.map(({ received_at, event, ...key }) => ({
      ...key,
      receivedAt: received_at.getTime(),
      event: IntakeEvent.parse(event),
    }));
  },

  async count(tx: Transaction, tenant: string, source: string | null): Promise<number> {
    const [row] = await tx.query<{ n: number }>(
      'SELECT count(*) AS n FROM risk_quarantine WHERE tenant = $1 AND ($2::text IS NULL OR source = $2)',
      [tenant, source],
    );
    return row?.n ?? 0;
  },

  /** How many events of all tenants wait here. */
  async size(tx: Transaction): Promise<number> {
    const [row] = await tx.query<{ n: number }>('SELECT count(*) AS n FROM risk_quarantine');
    return row?.n ?? 0;
  },
};
