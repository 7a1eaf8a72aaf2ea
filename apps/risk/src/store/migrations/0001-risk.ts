import { rowLevelSecurity } from '@linli/store';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const events = `CREATE TABLE risk_event (
  tenant text NOT NULL, source text NOT NULL, id text NOT NULL,
  place_id uuid NOT NULL, generation int NOT NULL,
  category text NOT NULL, area text NOT NULL, grid text, building text, dispute text,
  longitude float8, latitude float8,
  occurred_at timestamptz NOT NULL, received_at timestamptz NOT NULL, stored_at timestamptz NOT NULL,
  credibility float8 NOT NULL, severity float8 NOT NULL, confirmed boolean NOT NULL,
  party text, vulnerable boolean NOT NULL, triggers text[] NOT NULL, sealed_text text,
  PRIMARY KEY (tenant, source, id))`;

/** One row for each further copy of an event; copies of one request share a row. */
const duplicates = `CREATE TABLE risk_duplicate (
  tenant text NOT NULL, source text NOT NULL, id text NOT NULL, area text NOT NULL,
  received_at timestamptz NOT NULL, copies int NOT NULL,
  PRIMARY KEY (tenant, source, id, received_at))`;

const quarantine = `CREATE TABLE risk_quarantine (
  tenant text NOT NULL, source text NOT NULL, id text NOT NULL,
  reason text NOT NULL, category text NOT NULL, area text NOT NULL,
  occurred_at timestamptz NOT NULL, received_at timestamptz NOT NULL, stored_at timestamptz NOT NULL,
  event jsonb NOT NULL,
  PRIMARY KEY (tenant, source, id))`;

const places = `CREATE TABLE risk_place (
  id uuid PRIMARY KEY, tenant text NOT NULL, category text NOT NULL, area text NOT NULL,
  scope_kind text NOT NULL, scope_name text NOT NULL,
  generation int NOT NULL DEFAULT 0, told_level smallint NOT NULL DEFAULT 0,
  tally jsonb, baseline jsonb, point jsonb, assessment jsonb, assessed_at timestamptz)
  WITH (fillfactor = 70)`;

const warnings = `CREATE TABLE warning (
  tenant text NOT NULL, id uuid NOT NULL, place_id uuid NOT NULL, generation int NOT NULL,
  category text NOT NULL, area text NOT NULL, scope_kind text NOT NULL, scope_name text NOT NULL,
  status text NOT NULL, level smallint NOT NULL, score float8 NOT NULL, rule_version text NOT NULL,
  version int NOT NULL,
  raised_at timestamptz NOT NULL, issued_at timestamptz, issued_by text,
  acknowledged_at timestamptz, acknowledged_by text, verified_at timestamptz, updated_at timestamptz NOT NULL,
  final jsonb,
  PRIMARY KEY (tenant, id), UNIQUE (place_id, generation))`;

/** What people wrote with a command: may name persons, so it is sealed and stays out of the journal. */
const notes = `CREATE TABLE warning_note (
  tenant text NOT NULL, warning_id uuid NOT NULL, version int NOT NULL, area text NOT NULL, sealed_text text NOT NULL,
  PRIMARY KEY (tenant, warning_id, version))`;

const grids = [
  `CREATE TABLE risk_grid_activity (
     tenant text NOT NULL, area text NOT NULL, grid text NOT NULL, category_group text NOT NULL,
     last_at timestamptz NOT NULL,
     PRIMARY KEY (tenant, area, grid, category_group))`,
  `CREATE TABLE risk_neighbour (
     tenant text NOT NULL, area text NOT NULL, grid text NOT NULL, near_area text NOT NULL, near_grid text NOT NULL,
     PRIMARY KEY (tenant, area, grid, near_area, near_grid))`,
];

const register = [
  `CREATE TABLE risk_area (
     tenant text NOT NULL, code text NOT NULL, name text NOT NULL,
     PRIMARY KEY (tenant, code))`,
  `CREATE TABLE risk_mapping (
     tenant text NOT NULL, kind text NOT NULL CHECK (kind IN ('category', 'area')), sent text NOT NULL,
     known text NOT NULL,
     PRIMARY KEY (tenant, kind, sent))`,
  `CREATE TABLE risk_parameters (
     tenant text NOT NULL, version text NOT NULL, valid_from timestamptz NOT NULL, source text NOT NULL,
     body jsonb NOT NULL,
     PRIMARY KEY (tenant, version))`,
  `CREATE TABLE risk_sensitive_period (
     tenant text NOT NULL, name text NOT NULL, area_prefix text NOT NULL,
     from_at timestamptz NOT NULL, to_at timestamptz NOT NULL,
     approver text NOT NULL CHECK (approver <> ''), entered_at timestamptz NOT NULL DEFAULT now(),
     PRIMARY KEY (tenant, name, area_prefix), CHECK (from_at < to_at))`,
];

const indexes = [
  // One index for a place and for one party in it: of two that begin alike, a young table takes the wrong one.
  'CREATE INDEX risk_event_by_place ON risk_event (place_id, generation, party, occurred_at)',
  // Not (tenant, source, received_at): before the first ANALYZE it is taken for the primary key's look-ups.
  'CREATE INDEX risk_event_by_receipt ON risk_event USING brin (received_at)',
  'CREATE INDEX risk_duplicate_by_receipt ON risk_duplicate (tenant, source, received_at)',
  'CREATE INDEX risk_quarantine_by_receipt ON risk_quarantine (tenant, received_at, source, id)',
  'CREATE INDEX risk_place_by_scope ON risk_place (tenant, area, scope_name)',
  'CREATE INDEX risk_neighbour_backwards ON risk_neighbour (tenant, near_area, near_grid)',
  'CREATE INDEX warning_by_raise ON warning (tenant, raised_at DESC, id DESC)',
  'CREATE INDEX warning_by_update ON warning (tenant, updated_at)',
];

const security = [
  ...rowLevelSecurity('risk_event', { tenant: 'tenant', area: 'area' }),
  ...rowLevelSecurity('risk_duplicate', { tenant: 'tenant', area: 'area' }),
  ...rowLevelSecurity('risk_quarantine', { tenant: 'tenant', area: 'area' }),
  ...rowLevelSecurity('risk_place', { tenant: 'tenant', area: 'area' }),
  ...rowLevelSecurity('warning', { tenant: 'tenant', area: 'area' }),
  ...rowLevelSecurity('warning_note', { tenant: 'tenant', area: 'area' }),
  ...rowLevelSecurity('risk_area', { tenant: 'tenant' }),
  ...rowLevelSecurity('risk_mapping', { tenant: 'tenant' }),
];

export class Risk1764000000001 implements MigrationInterface {
  async up(run: QueryRunner): Promise<void> {
    const tables = [events, duplicates, quarantine, places, warnings, notes, ...grids, ...register];
    for (const sql of [...tables, ...indexes, ...security]) await run.query(sql);
  }

  /** Forward only: the events are the truth and are not thrown away. */
  down(): Promise<void> {
    return Promise.reject(new Error('there is no way back'));
  }
}
