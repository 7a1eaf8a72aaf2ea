import { WarningRemindedV1 } from '@linli/contracts';
import { faultOf, type Faults, type Rows } from './rows.js';

/** Facts that are changes: a reminder has the version of the change before it. */
export const CHANGES = `kind = 'fact' and type <> '${WarningRemindedV1.type}'`;

const gaps = `
  select aggregate_id, count(*)::int as facts, max(aggregate_version)::int as last from risk.journal
  where tenant = any($1) and ${CHANGES} group by aggregate_id
  having count(*) <> max(aggregate_version) or count(distinct aggregate_version) <> count(*)`;

const untold = `
  select warning.id, warning.version, coalesce(max(journal.aggregate_version), 0)::int as told from risk.warning
  left join risk.journal on journal.aggregate_id = warning.id::text and journal.kind = 'fact'
    and journal.tenant = warning.tenant
  where warning.tenant = any($1) group by warning.id, warning.version
  having warning.version <> coalesce(max(journal.aggregate_version), 0)`;

const outOfOrder = `
  select * from (select topic, part, seq, aggregate_id, aggregate_version,
      lag(aggregate_version) over (partition by topic, part, aggregate_id order by seq) as before
    from risk.journal where tenant = any($1) and ${CHANGES}) as facts
  where before is not null and aggregate_version <> before + 1`;

const sparse = `
  select stream.topic, stream.part, stream.last_seq::float8 as last, count(journal.seq)::int as rows,
    max(journal.seq)::float8 as highest
  from risk.stream left join risk.journal on journal.topic = stream.topic and journal.part = stream.part
  group by stream.topic, stream.part, stream.last_seq
  having stream.last_seq <> count(journal.seq) or stream.last_seq <> coalesce(max(journal.seq), 0)`;

const unchained = `
  select topic, part, seq from (select topic, part, seq, previous_hash,
      lag(hash) over (partition by topic, part order by seq) as hash from risk.journal) as chain
  where hash is not null and hash <> previous_hash`;

const unsent = `select topic, part, last_seq::float8 as last, published_seq::float8 as published from risk.stream
  where published_seq <> last_seq`;

/** Every change of a warning has exactly one fact, in order; the journal is dense, chained, and all of it was sent. */
export const journalFaults = async (rows: Rows, tenants: readonly string[]): Promise<Faults> => [
  ...faultOf('versions of an aggregate with a hole or a double', await rows(gaps, [tenants])),
  ...faultOf('a warning has another version than its facts', await rows(untold, [tenants])),
  ...faultOf('facts of an aggregate out of order', await rows(outOfOrder, [tenants])),
  ...faultOf('a stream that is not dense', await rows(sparse)),
  ...faultOf('a row that does not follow the one before it', await rows(unchained)),
  ...faultOf('a stream of which not all was sent', await rows(unsent)),
];
