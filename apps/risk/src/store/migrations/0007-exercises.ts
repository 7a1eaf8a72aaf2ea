import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What belongs to an exercise. Constant defaults are kept beside the table (PostgreSQL 11 and later): no row is rewritten. */
const up = ['risk_event', 'risk_place', 'warning'].map(
  (table) => `ALTER TABLE ${table} ADD exercise boolean NOT NULL DEFAULT false`,
);

export class Exercises1764000000007 implements MigrationInterface {
  readonly name = 'Exercises1764000000007';

  async up(run: QueryRunner): Promise<void> {
    for (const sql of up) await run.query(sql);
  }

  /** Forward only: see the first. */
  down(): Promise<void> {
    return Promise.reject(new Error('there is no way back'));
  }
}
