import { rowLevelSecurity } from '@linli/store';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happened, by the records of others. */
const up = [
  `CREATE TABLE risk_incident (
     tenant text NOT NULL, id uuid NOT NULL, category text NOT NULL, area text NOT NULL,
     happened_at timestamptz NOT NULL, source text NOT NULL, reference text NOT NULL, warning_id uuid,
     recorded_at timestamptz NOT NULL, recorded_by text NOT NULL,
     withdrawn_at timestamptz, withdrawn_by text, withdrawn_reason text,
     PRIMARY KEY (tenant, id))`,
  `CREATE UNIQUE INDEX risk_incident_by_record ON risk_incident (tenant, source, reference)
     WHERE withdrawn_at IS NULL`,
  'CREATE INDEX risk_incident_by_time ON risk_incident (tenant, happened_at DESC, id DESC)',
  ...rowLevelSecurity('risk_incident', { tenant: 'tenant', area: 'area' }),
];

export class Incidents1764000000008 implements MigrationInterface {
  readonly name = 'Incidents1764000000008';

  async up(run: QueryRunner): Promise<void> {
    for (const sql of up) await run.query(sql);
  }

  /** Forward only: see the first. */
  down(): Promise<void> {
    return Promise.reject(new Error('there is no way back'));
  }
}
