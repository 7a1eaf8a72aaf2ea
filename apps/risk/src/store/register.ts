import type { Transaction } from '@linli/store';
import { parameters202601, type Parameters } from '../domain/parameters.js';
import type { SensitivePeriod } from '../domain/score.js';
import { columnsOf } from './columns.js';

export interface Mapping {
  readonly tenant: string;
  readonly kind: 'category' | 'area';
  /** What was sent. */
  readonly sent: string;
  /** The known code that it stands for. */
  readonly known: string;
}

export interface Area {
  readonly code: string;
  readonly name: string;
  /** GeoJSON; absent: as it was. */
  readonly boundary?: object | undefined;
}

export interface PeriodOfTenant extends SensitivePeriod {
  readonly tenant: string;
  readonly areaPrefix: string;
}

/** A tenant's parameters, from an instant on. */
export interface ParametersOfTenant {
  readonly tenant: string;
  readonly validFrom: number;
  readonly parameters: Parameters;
}

/** What a tenant told us about itself: areas, mappings, parameters, sensitive periods. */
export const register = {
  async mappings(tx: Transaction, tenants: readonly string[]): Promise<Mapping[]> {
    return tx.query<Mapping>('SELECT tenant, kind, sent, known FROM risk_mapping WHERE tenant = ANY ($1)', [
      tenants,
    ]);
  },

  async map(tx: Transaction, mappings: readonly Mapping[]): Promise<void> {
    if (mappings.length === 0) return;
    await tx.execute(
      `INSERT INTO risk_mapping (tenant, kind, sent, known)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) ORDER BY 1, 2, 3
       ON CONFLICT (tenant, kind, sent) DO UPDATE SET known = excluded.known`,
      columnsOf(
        mappings,
        (m) => m.tenant,
        (m) => m.kind,
        (m) => m.sent,
        (m) => m.known,
      ),
    );
  },

  /** Those of the tenants that loaded areas at all. */
  async loaders(tx: Transaction, tenants: readonly string[]): Promise<Set<string>> {
    const rows = await tx.query<{ tenant: string }>(
      `SELECT t AS tenant FROM unnest($1::text[]) t WHERE EXISTS (SELECT FROM risk_area a WHERE a.tenant = t)`,
      [tenants],
    );
    return new Set(rows.map(({ tenant }) => tenant));
  },

  /** Those of the codes that their tenant loaded. */
  async loaded(
    tx: Transaction,
    codes: readonly { readonly tenant: string; readonly area: string }[],
  ): Promise<{ tenant: string; area: string }[]> {
    if (codes.length === 0) return [];
    return tx.query(
      `SELECT a.tenant, a.code AS area FROM risk_area a
       JOIN unnest($1::text[], $2::text[]) AS c (tenant, code) ON a.tenant = c.tenant AND a.code = c.code`,
      columnsOf(
        codes,
        (c) => c.tenant,
        (c) => c.area,
      ),
    );
  },

  async loadAreas(tx: Transaction, tenant: string, areas: readonly Area[]): Promise<void> {
    if (areas.length === 0) return;
    await tx.execute(
      `INSERT INTO risk_area AS known (tenant, code, name, boundary)
       SELECT DISTINCT ON (code) $1, code, name, boundary::jsonb
       FROM unnest($2::text[], $3::text[], $4::text[]) AS a (code, name, boundary) ORDER BY code, name
       ON CONFLICT (tenant, code) DO UPDATE
       SET name = excluded.name, boundary = coalesce(excluded.boundary, known.boundary)`,
      [
        tenant,
        ...columnsOf(
          areas,
          (a) => a.code,
          (a) => a.name,
          (a) => (a.boundary ? JSON.stringify(a.boundary) : null),
        ),
      ],
    );
  },

  /** Null: the tenant chose none. */
  async palette(tx: Transaction, tenant: string): Promise<string | null> {
    const rows = await tx.query<{ palette: string }>('SELECT palette FROM risk_palette WHERE tenant = $1', [
      tenant,
    ]);
    return rows[0]?.palette ?? null;
  },

  async choosePalette(tx: Transaction, tenant: string, palette: string): Promise<void> {
    await tx.execute(
      `INSERT INTO risk_palette (tenant, palette) VALUES ($1, $2)
       ON CONFLICT (tenant) DO UPDATE SET palette = excluded.palette`,
      [tenant, palette],
    );
  },

  async parameters(tx: Transaction, tenants: readonly string[]): Promise<ParametersOfTenant[]> {
    const rows = await tx.query<{
      tenant: string;
      valid_from: Date;
      version: string;
      source: string;
      body: object;
    }>('SELECT tenant, valid_from, version, source, body FROM risk_parameters WHERE tenant = ANY ($1)', [
      tenants,
    ]);
    return rows.map(({ tenant, valid_from, version, source, body }) => ({
      tenant,
      validFrom: valid_from.getTime(),
      parameters: { ...parameters202601, ...body, version, source },
    }));
  },

  async periods(tx: Transaction, tenants: readonly string[]): Promise<PeriodOfTenant[]> {
    const rows = await tx.query<{
      tenant: string;
      name: string;
      area_prefix: string;
      from_at: Date;
      to_at: Date;
    }>(
      `SELECT tenant, name, area_prefix, from_at, to_at FROM risk_sensitive_period
       WHERE tenant = ANY ($1) ORDER BY name`,
      [tenants],
    );
    return rows.map((row) => ({
      tenant: row.tenant,
      name: row.name,
      areaPrefix: row.area_prefix,
      from: row.from_at.getTime(),
      to: row.to_at.getTime(),
    }));
  },
};
