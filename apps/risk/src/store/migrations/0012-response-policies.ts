import { rowLevelSecurity } from '@linli/store';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Within which time a tenant answers warnings: every version that was ever in force, in order. */
const up = [
  `CREATE TABLE risk_response_policy (
     tenant text NOT NULL,
     n int NOT NULL,
     version text NOT NULL,
     source text NOT NULL,
     valid_from timestamptz NOT NULL,
     set_by text NOT NULL,
     body jsonb NOT NULL,
     CONSTRAINT risk_response_policy_pkey PRIMARY KEY (tenant, n),
     CONSTRAINT risk_response_policy_version UNIQUE (tenant, version)
   )`,
  `COMMENT ON COLUMN risk_response_policy.body IS 'clock -> level -> budget, of all clocks that a tenant may set'`,
  ...rowLevelSecurity('risk_response_policy', { tenant: 'tenant' }),
];

export class ResponsePolicies1764000000012 implements MigrationInterface {
  readonly name = 'ResponsePolicies1764000000012';

  async up(run: QueryRunner): Promise<void> {
    for (const sql of up) await run.query(sql);
  }

  /** Forward only: see the first. */
  down(): Promise<void> {
    return Promise.reject(new Error('there is no way back'));
  }
}
