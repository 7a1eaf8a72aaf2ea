import type { Transaction } from '@linli/store';
import type { ClockBudgets } from '../domain/policy.js';
import { response202601, type ResponsePolicy } from '../domain/response.js';
import { instant } from './columns.js';

/** A version that a tenant set. */
export interface PolicyOfTenant {
  readonly tenant: string;
  /** Milliseconds. */
  readonly validFrom: number;
  /** Id of the key. */
  readonly setBy: string;
  readonly policy: ResponsePolicy;
}

interface Row {
  readonly tenant: string;
  readonly version: string;
  readonly source: string;
  readonly valid_from: Date;
  readonly set_by: string;
  readonly body: ClockBudgets;
}

const COLUMNS = 'tenant, version, source, valid_from, set_by, body';

const policyOf = ({ tenant, version, source, valid_from, set_by, body }: Row): PolicyOfTenant => ({
  ...{ tenant, validFrom: valid_from.getTime(), setBy: set_by },
  policy: { ...response202601, version, source, clocks: { ...response202601.clocks, ...body } },
});

/** Within which time tenants answer warnings, version by version. */
export const responsePolicies = {
  /**
   * Those in force, of the tenants that set one. They stay in force until the transaction ends: whoever sets another waits
   * for it (`claim`), so no clock is started by a policy that was replaced meanwhile.
   */
  async inForce(tx: Transaction, tenants: readonly string[]): Promise<Map<string, ResponsePolicy>> {
    const rows = await tx.query<Row>(
      `SELECT ${COLUMNS} FROM risk_response_policy WHERE (tenant, n) IN
         (SELECT tenant, max(n) FROM risk_response_policy WHERE tenant = ANY ($1) GROUP BY tenant) FOR KEY SHARE`,
      [tenants],
    );
    return new Map(rows.map((row) => [row.tenant, policyOf(row).policy]));
  },

  /** All that a tenant ever set, the newest first. */
  async history(tx: Transaction, tenant: string): Promise<PolicyOfTenant[]> {
    const rows = await tx.query<Row>(
      `SELECT ${COLUMNS} FROM risk_response_policy WHERE tenant = $1 ORDER BY n DESC`,
      [tenant],
    );
    return rows.map(policyOf);
  },

  /** Waits for all who work by a policy, and lets nobody begin to until the transaction ends; who only reads is not held up. */
  async claim(tx: Transaction): Promise<void> {
    await tx.execute('LOCK TABLE risk_response_policy IN EXCLUSIVE MODE');
  },

  async add(
    tx: Transaction,
    { tenant, validFrom, setBy, policy: { version, source } }: PolicyOfTenant,
    clocks: ClockBudgets,
  ): Promise<void> {
    await tx.execute(
      `INSERT INTO risk_response_policy (tenant, n, version, source, valid_from, set_by, body)
       SELECT $1, coalesce(max(n), 0) + 1, $2, $3, $4, $5, $6 FROM risk_response_policy WHERE tenant = $1`,
      [tenant, version, source, instant(validFrom), setBy, JSON.stringify(clocks)],
    );
  },
};
