import type { Outcome } from '@linli/contracts';
import type { Transaction } from '@linli/store';
import type { OutcomeStore } from '../bus-store.js';
import { columnsOf } from './columns.js';

interface Row extends Omit<Outcome, 'resource' | 'refusal' | 'completedAt'> {
  readonly resource: string | null;
  readonly refusal: string | null;
  readonly completedAt: Date;
}

const toOutcome = (row: Row): Outcome => ({
  ...row,
  resource: parse(row.resource) ?? null,
  refusal: parse(row.refusal) as Outcome['refusal'],
  completedAt: row.completedAt.toISOString(),
});

// Kept as text: jsonb refuses \u0000, which a client may well send.
const parse = (text: string | null): unknown => (text === null ? null : JSON.parse(text));
const write = (value: unknown): string | null => (value == null ? null : JSON.stringify(value));

const put = `insert into outcome (command_id, tenant, request_hash, aggregate_id, status, resource, aggregate_version,
    refusal, completed_at)
  select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::bigint[],
    $8::text[], $9::timestamptz[])
  on conflict (command_id) do update set status = excluded.status, resource = excluded.resource,
    aggregate_version = excluded.aggregate_version, refusal = excluded.refusal, completed_at = excluded.completed_at
  where outcome.status = 'parked'`;

export const postgresOutcomes: OutcomeStore<Transaction> = {
  async find(tx, commandIds) {
    if (commandIds.length === 0) return [];
    const rows = await tx.query<Row>(
      `select command_id as "commandId", tenant, request_hash as "requestHash", aggregate_id as "aggregateId", status,
         resource, aggregate_version as "aggregateVersion", refusal, completed_at as "completedAt"
       from outcome where command_id = any($1::uuid[])`,
      [commandIds],
    );
    return rows.map(toOutcome);
  },

  async put(tx, outcomes) {
    if (outcomes.length === 0) return;
    const parameters = columnsOf(
      outcomes,
      (outcome) => outcome.commandId,
      (outcome) => outcome.tenant,
      (outcome) => outcome.requestHash,
      (outcome) => outcome.aggregateId,
      (outcome) => outcome.status,
      (outcome) => write(outcome.resource),
      (outcome) => outcome.aggregateVersion,
      (outcome) => write(outcome.refusal),
      (outcome) => outcome.completedAt,
    );
    await tx.execute(put, parameters);
  },
};
