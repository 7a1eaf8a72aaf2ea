import { rowLevelSecurity } from '@linli/store';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When sources were heard, in steps of five minutes; and what verified warnings taught about them. */
const up = [
  `CREATE TABLE risk_heartbeat (
     tenant text NOT NULL, source text NOT NULL, heard_at timestamptz NOT NULL,
     PRIMARY KEY (tenant, source, heard_at))`,
  `CREATE TABLE risk_credit (
     tenant text NOT NULL, source text NOT NULL, warning_id uuid NOT NULL, area text NOT NULL,
     is_right boolean NOT NULL, at timestamptz NOT NULL,
     undone_at timestamptz, undone_by text, undone_reason text,
     PRIMARY KEY (tenant, source, warning_id))`,
  ...rowLevelSecurity('risk_heartbeat', { tenant: 'tenant' }),
  ...rowLevelSecurity('risk_credit', { tenant: 'tenant', area: 'area' }),
];

export class Sources1764000000005 implements MigrationInterface {
  readonly name = 'Sources1764000000005';

  async up(run: QueryRunner): Promise<void> {
    for (const sql of up) await run.query(sql);
  }

  /** Forward only: see the first. */
  down(): Promise<void> {
    return Promise.reject(new Error('there is no way back'));
  }
}
