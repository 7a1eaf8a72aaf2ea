import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which clocks of a warning run, and under which supervision it stands. What is open when this comes has no clocks yet: it
 * gets those of the next change.
 */
const up = [
  `ALTER TABLE warning ADD clocks jsonb NOT NULL DEFAULT '{}', ADD supervision smallint NOT NULL DEFAULT 0`,
];

export class WarningClocks1764000000009 implements MigrationInterface {
  readonly name = 'WarningClocks1764000000009';

  async up(run: QueryRunner): Promise<void> {
    for (const sql of up) await run.query(sql);
  }

  /** Forward only: see the first. */
  down(): Promise<void> {
    return Promise.reject(new Error('there is no way back'));
  }
}
