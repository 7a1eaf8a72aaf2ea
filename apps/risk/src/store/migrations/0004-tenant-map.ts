import { rowLevelSecurity } from '@linli/store';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Outlines of areas, and how a tenant names colours. */
const up = [
  'ALTER TABLE risk_area ADD boundary jsonb',
  'CREATE TABLE risk_palette (tenant text PRIMARY KEY, palette text NOT NULL)',
  ...rowLevelSecurity('risk_palette', { tenant: 'tenant' }),
];

export class TenantMap1764000000004 implements MigrationInterface {
  readonly name = 'TenantMap1764000000004';

  async up(run: QueryRunner): Promise<void> {
    for (const sql of up) await run.query(sql);
  }

  /** Forward only: see the first. */
  down(): Promise<void> {
    return Promise.reject(new Error('there is no way back'));
  }
}
