import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whom a silence reminds, and when it did. Those of before have no deadline that would: they are only shown as due. */
const up = ['ALTER TABLE risk_silence ADD owner_key text, ADD reminded_at timestamptz'];

export class SilenceReminders1764000000011 implements MigrationInterface {
  readonly name = 'SilenceReminders1764000000011';

  async up(run: QueryRunner): Promise<void> {
    for (const sql of up) await run.query(sql);
  }

  /** Forward only: see the first. */
  down(): Promise<void> {
    return Promise.reject(new Error('there is no way back'));
  }
}
