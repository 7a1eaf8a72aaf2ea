import { rowLevelSecurity } from '@linli/store';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Warnings that are verified twice, blind: what the first officer found, and the second. */
const up = [
  `CREATE TABLE risk_second_look (
     tenant text NOT NULL, warning_id uuid NOT NULL, category text NOT NULL, area text NOT NULL,
     first_result text NOT NULL, first_key text NOT NULL, asked_at timestamptz NOT NULL,
     second_result text, second_by text, done_at timestamptz, sealed_evidence text,
     PRIMARY KEY (tenant, warning_id))`,
  'CREATE INDEX risk_second_look_by_time ON risk_second_look (tenant, asked_at)',
  ...rowLevelSecurity('risk_second_look', { tenant: 'tenant', area: 'area' }),
];

export class SecondLooks1764000000010 implements MigrationInterface {
  readonly name = 'SecondLooks1764000000010';

  async up(run: QueryRunner): Promise<void> {
    for (const sql of up) await run.query(sql);
  }

  /** Forward only: see the first. */
  down(): Promise<void> {
    return Promise.reject(new Error('there is no way back'));
  }
}
