import { rowLevelSecurity } from '@linli/store';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Silences: the area is a prefix that may hold the reader's, so readers are told apart by tenant only. */
const up = [
  `CREATE TABLE risk_silence (
     tenant text NOT NULL, id uuid NOT NULL, area text NOT NULL, category text, sealed_reason text NOT NULL,
     owner text NOT NULL, from_at timestamptz NOT NULL, until_at timestamptz NOT NULL, remind_at timestamptz NOT NULL,
     ended_at timestamptz, ended_by text,
     PRIMARY KEY (tenant, id), CHECK (from_at < until_at))`,
  ...rowLevelSecurity('risk_silence', { tenant: 'tenant' }),
];

export class Silences1764000000006 implements MigrationInterface {
  readonly name = 'Silences1764000000006';

  async up(run: QueryRunner): Promise<void> {
    for (const sql of up) await run.query(sql);
  }

  /** Forward only: see the first. */
  down(): Promise<void> {
    return Promise.reject(new Error('there is no way back'));
  }
}
