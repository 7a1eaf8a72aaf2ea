import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The whole life of a warning, and what a place knows of what people decided about it: read with the place, so that taking
 * events in asks nothing more.
 */
const up = [
  `ALTER TABLE warning
     ADD level_since timestamptz, ADD peak smallint, ADD issued_level smallint, ADD on_site_at timestamptz,
     ADD plan_due timestamptz, ADD external jsonb, ADD links jsonb NOT NULL DEFAULT '[]',
     ADD monitored_at timestamptz, ADD visits int NOT NULL DEFAULT 0,
     ADD outcome text, ADD happened_at timestamptz, ADD closed_at timestamptz, ADD merged_into uuid`,
  `UPDATE warning SET level_since = updated_at, peak = level, on_site_at = verified_at,
     issued_level = CASE WHEN issued_at IS NOT NULL THEN level END,
     closed_at = CASE WHEN status IN ('false_alarm', 'dismissed') THEN updated_at END`,
  'ALTER TABLE warning ALTER level_since SET NOT NULL, ALTER peak SET NOT NULL',
  'CREATE INDEX warning_by_end ON warning (tenant, closed_at) WHERE closed_at IS NOT NULL',
  'ALTER TABLE risk_place ADD answered json, ADD rounds int NOT NULL DEFAULT 0',
];

export class WarningLife1764000000003 implements MigrationInterface {
  readonly name = 'WarningLife1764000000003';

  async up(run: QueryRunner): Promise<void> {
    for (const sql of up) await run.query(sql);
  }

  /** Forward only: see the first. */
  down(): Promise<void> {
    return Promise.reject(new Error('there is no way back'));
  }
}
