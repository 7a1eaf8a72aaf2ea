import { Conditions, type Transaction } from '@linli/store';
import type { Finding } from '../domain/label-quality.js';
import type { Scope } from '../domain/scope.js';
import type { Warning } from '../domain/warning.js';
import { instant } from './columns.js';

/** A warning that is verified twice. */
interface SecondLook {
  readonly area: string;
  readonly first: Finding;
  /** The key of the first officer. */
  readonly firstKey: string;
}

interface Done {
  readonly second: Finding;
  readonly by: string;
  readonly at: number;
  readonly sealedEvidence: string;
}

export interface WaitingRow {
  readonly warning_id: string;
  readonly category: string;
  readonly area: string;
  readonly scope_kind: Scope['kind'];
  readonly scope_name: string;
  readonly asked_at: Date;
}

export interface PairRow {
  readonly category: string;
  readonly first: Finding;
  /** Null: nobody looked again yet. */
  readonly second: Finding | null;
}

export const secondLooks = {
  async ask(
    tx: Transaction,
    tenant: string,
    { id, category, area }: Warning,
    { first, firstKey, at }: { first: Finding; firstKey: string; at: number },
  ): Promise<void> {
    await tx.execute(
      `INSERT INTO risk_second_look (tenant, warning_id, category, area, first_result, first_key, asked_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
      [tenant, id, category, area, first, firstKey, instant(at)],
    );
  },

  /** One that waits. */
  async find(tx: Transaction, tenant: string, warning: string): Promise<SecondLook | null> {
    const [row] = await tx.query<SecondLook>(
      `SELECT area, first_result AS first, first_key AS "firstKey" FROM risk_second_look
       WHERE tenant = $1 AND warning_id = $2 AND done_at IS NULL`,
      [tenant, warning],
    );
    return row ?? null;
  },

  async finish(tx: Transaction, tenant: string, warning: string, done: Done): Promise<void> {
    await tx.execute(
      `UPDATE risk_second_look SET second_result = $3, second_by = $4, done_at = $5, sealed_evidence = $6
       WHERE tenant = $1 AND warning_id = $2 AND done_at IS NULL`,
      [tenant, warning, done.second, done.by, instant(done.at), done.sealedEvidence],
    );
  },

  /** Those that wait, but those that a key verified first itself; the oldest first. */
  async waiting(
    tx: Transaction,
    { tenant, areas, keyId }: { tenant: string; areas: readonly string[] | null; keyId: string },
    limit: number,
  ): Promise<WaitingRow[]> {
    const { sql, parameters } = new Conditions()
      .add('s.tenant = ?', tenant)
      .addIf(areas, 's.area ^@ ANY (?::text[])')
      .add('s.first_key <> ?', keyId);
    return tx.query<WaitingRow>(
      `SELECT s.warning_id, s.category, s.area, w.scope_kind, w.scope_name, s.asked_at
       FROM risk_second_look s JOIN warning w ON w.tenant = s.tenant AND w.id = s.warning_id
       WHERE ${sql} AND s.done_at IS NULL ORDER BY s.asked_at, s.warning_id LIMIT ${limit}`,
      parameters,
    );
  },

  /** What was found, twice or once yet, of those (`s`) that fulfil some conditions. */
  async pairs(tx: Transaction, { sql, parameters }: Conditions): Promise<PairRow[]> {
    return tx.query<PairRow>(
      `SELECT s.category, s.first_result AS first, s.second_result AS second FROM risk_second_look s WHERE ${sql}`,
      parameters,
    );
  },
};
