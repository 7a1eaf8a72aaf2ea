import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every event rewrites what its place remembers, and nothing in SQL looks inside: json, which is taken as it comes.
 * Of a place that told no level only the score is kept; the rest of its assessment is a function of its tally.
 */
const up = [
  'ALTER TABLE risk_place ADD score float8',
  `UPDATE risk_place SET score = (assessment->>'score')::float8 WHERE assessment IS NOT NULL`,
  `ALTER TABLE risk_place
     ALTER tally TYPE json USING tally::text::json,
     ALTER baseline TYPE json USING baseline::text::json,
     ALTER point TYPE json USING point::text::json,
     ALTER assessment TYPE json USING CASE WHEN told_level > 0 THEN assessment::text::json END`,
];

export class LightPlaces1764000000002 implements MigrationInterface {
  readonly name = 'LightPlaces1764000000002';

  async up(run: QueryRunner): Promise<void> {
    for (const sql of up) await run.query(sql);
  }

  /** Forward only: see the first. */
  down(): Promise<void> {
    return Promise.reject(new Error('there is no way back'));
  }
}
