import { booleans, instants, integers, texts, uuids } from '@linli/store';
import { nextAt, type Deadline, type LedgerEntry } from '../../ledger/deadline.js';

/** An instant as milliseconds. */
export const epoch = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;
const millis = (column: string, name: string): string => `${epoch(column)} as "${name}"`;

/** Columns of a row as `Deadline` names them; instants come as milliseconds. */
export const deadlineColumns = `id, tenant, area, unit, aggregate_id as "aggregateId", clock, exercise, favour, version,
  json_build_object('basis', basis, 'amount', amount, 'unit', amount_unit) as budget, ${millis('started', 'from')},
  roll, calendar, calendar_version as "calendarVersion", calendar_seen as "calendarSeen", suspensions, extensions,
  ${millis('due', 'due')}, ${millis('unrolled_due', 'unrolledDue')},
  json_build_object('half', ${epoch('half_at')}, 'quarter', ${epoch('quarter_at')},
    'tenth', ${epoch('tenth_at')}) as "leftAt", provisional, state,
  ${millis('ended_at', 'endedAt')}, rungs, next_rung as "next", round`;

export const entryColumns = `deadline_id as "deadlineId", version, kind, ${millis('at', 'at')}, by_whom as "by", reason,
  body, ${millis('due', 'due')}, adopted`;

/** Names and types of what `deadlineParameters` gives, for an UNNEST. */
export const written = `id, tenant, area, unit, aggregate_id, clock, favour, version, basis, amount, amount_unit,
  started, roll, calendar, calendar_version, calendar_seen, suspensions, extensions, due, unrolled_due, provisional,
  state, ended_at, rungs, next_rung, round, next_at, half_at, quarter_at, tenth_at, exercise`;
export const writtenTypes = `$1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[],
  $8::int[], $9::text[], $10::int[], $11::text[], $12::timestamptz[], $13::boolean[], $14::text[], $15::text[],
  $16::text[], $17::text[]::jsonb[], $18::text[]::jsonb[], $19::timestamptz[], $20::timestamptz[], $21::boolean[],
  $22::text[], $23::timestamptz[], $24::text[]::jsonb[], $25::int[], $26::int[], $27::timestamptz[],
  $28::timestamptz[], $29::timestamptz[], $30::timestamptz[], $31::boolean[]`;

export const deadlineParameters = (rows: readonly Deadline[]): Buffer[] => [
  uuids(rows, (row) => row.id),
  texts(rows, (row) => row.tenant),
  texts(rows, (row) => row.area),
  texts(rows, (row) => row.unit),
  uuids(rows, (row) => row.aggregateId),
  texts(rows, (row) => row.clock),
  texts(rows, (row) => row.favour),
  integers(rows, (row) => row.version),
  texts(rows, (row) => row.budget.basis),
  integers(rows, (row) => row.budget.amount),
  texts(rows, (row) => row.budget.unit),
  instants(rows, (row) => row.from),
  booleans(rows, (row) => row.roll),
  texts(rows, (row) => row.calendar),
  texts(rows, (row) => row.calendarVersion),
  texts(rows, (row) => row.calendarSeen),
  texts(rows, (row) => JSON.stringify(row.suspensions)),
  texts(rows, (row) => JSON.stringify(row.extensions)),
  instants(rows, (row) => row.due),
  instants(rows, (row) => row.unrolledDue),
  booleans(rows, (row) => row.provisional),
  texts(rows, (row) => row.state),
  instants(rows, (row) => row.endedAt),
  texts(rows, (row) => JSON.stringify(row.rungs)),
  integers(rows, (row) => row.next),
  integers(rows, (row) => row.round),
  instants(rows, nextAt),
  instants(rows, (row) => row.leftAt.half),
  instants(rows, (row) => row.leftAt.quarter),
  instants(rows, (row) => row.leftAt.tenth),
  booleans(rows, (row) => row.exercise),
];

export const entryTypes = `$1::uuid[], $2::int[], $3::text[], $4::timestamptz[], $5::text[], $6::text[],
  $7::text[]::jsonb[], $8::timestamptz[], $9::boolean[]`;

export const entryParameters = (entries: readonly LedgerEntry[]): Buffer[] => [
  uuids(entries, (entry) => entry.deadlineId),
  integers(entries, (entry) => entry.version),
  texts(entries, (entry) => entry.kind),
  instants(entries, (entry) => entry.at),
  texts(entries, (entry) => entry.by),
  texts(entries, (entry) => entry.reason),
  texts(entries, (entry) => JSON.stringify(entry.body)),
  instants(entries, (entry) => entry.due),
  booleans(entries, (entry) => entry.adopted),
];
