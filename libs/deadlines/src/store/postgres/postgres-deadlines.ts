import { DEFAULT_CALENDAR } from '@linli/contracts';
import { integers, uuids, type Database, type Transaction } from '@linli/store';
import type { Deadline, LedgerEntry } from '../../ledger/deadline.js';
import {
  DECIDES_WITHIN_MS,
  FIRES_WITHIN_MS,
  type Claim,
  type DeadlineFigures,
  type DeadlineStore,
  type Locked,
  type Upcoming,
} from '../deadline-store.js';
import {
  deadlineColumns,
  deadlineParameters,
  entryColumns,
  entryParameters,
  entryTypes,
  written,
  writtenTypes,
} from './deadline-row.js';
import {
  annul,
  CLOCK,
  hold,
  statementsBy,
  type ShownInSql,
  type StatementsByClock,
} from './firing-statements.js';
import { postgresSla } from './postgres-sla.js';

/** A sweeper that stops with rows locked (SIGSTOP, a lost network) gives them back before they are late. */
const SWEEP_IDLE = `set local idle_in_transaction_session_timeout = '2s'`;
/** So does a command that has deadlines in hand. */
const brief = `with brief as (select set_config('idle_in_transaction_session_timeout', '2s', true))`;

const insert = `${brief} insert into deadline (${written})
  select new.* from brief, unnest(${writtenTypes}) as new (${written})`;

const update = `update deadline as one set
    unit = new.unit, version = new.version, basis = new.basis, amount = new.amount, amount_unit = new.amount_unit,
    roll = new.roll, calendar = new.calendar, calendar_version = new.calendar_version,
    calendar_seen = new.calendar_seen, suspensions = new.suspensions, extensions = new.extensions, due = new.due,
    unrolled_due = new.unrolled_due, provisional = new.provisional, state = new.state, ended_at = new.ended_at,
    rungs = new.rungs, next_rung = new.next_rung, round = new.round, next_at = new.next_at,
    half_at = new.half_at, quarter_at = new.quarter_at, tenth_at = new.tenth_at
  from unnest(${writtenTypes}, $32::int[]) as new (${written}, before)
  where one.id = new.id and one.version = new.before`;

const record = `insert into deadline_change (deadline_id, version, kind, at, by_whom, reason, body, due, adopted)
  select * from unnest(${entryTypes})`;

type Row = Deadline & { readonly now: number };

/** `select … for update` waits for locks, so its clock is asked row by row. */
const columnsBy = (clock: string): string =>
  `${deadlineColumns}, (extract(epoch from ${clock}) * 1000)::float8 as now`;

const locking = (columns: string): string => `${brief} select ${columns} from brief, deadline
  where tenant = $1 and id = any($2::uuid[]) order by id for update of deadline`;

const lockedFrom = (rows: readonly Row[]): Locked => {
  let latest = 0;
  const deadlines = rows.map(({ now, ...deadline }) => {
    latest = now;
    return deadline;
  });
  return { now: latest, deadlines };
};

const reached = `from deadline where tenant = $1
  and case $2 when '${DEFAULT_CALENDAR}' then calendar <> all($6::text[]) else calendar = $2 end and state = 'armed' and basis <> 'wall'
  and due >= to_timestamp($3::float8 / 1000) and ($4::uuid is null or id > $4::uuid)`;

const openings = (database: Database) => ({
  sweep: <T>(work: (tx: Transaction) => Promise<T>) =>
    database.transaction('relay', async (tx) => {
      await tx.execute(SWEEP_IDLE);
      return work(tx);
    }),
  transaction: <T>(work: (tx: Transaction) => Promise<T>) => database.transaction('http', work),
  reader: () => database.connection('relay'),
});

const ledgerOn = (
  columns: () => string,
): Pick<DeadlineStore<Transaction>, 'insert' | 'lock' | 'save' | 'record' | 'find' | 'of' | 'ledger'> => ({
  async insert(tx, deadlines) {
    if (deadlines.length > 0) await tx.execute(insert, deadlineParameters(deadlines));
  },

  async lock(tx, tenant, ids) {
    if (ids.length === 0) return { now: 0, deadlines: [] };
    return lockedFrom(await tx.query<Row>(locking(columns()), [tenant, ids]));
  },

  async save(tx, changed) {
    if (changed.length === 0) return;
    const rows = changed.map(({ deadline }) => deadline);
    const before = integers(changed, (one) => one.before);
    const saved = await tx.execute(update, [...deadlineParameters(rows), before]);
    if (saved !== changed.length)
      throw new Error(`of ${changed.length} deadlines ${saved} are the ones that were locked`);
  },

  async record(tx, entries) {
    if (entries.length > 0) await tx.execute(record, entryParameters(entries));
  },

  async find(tx, tenant, id) {
    const which = 'where tenant = $1 and id = $2';
    const [row] = await tx.query<Deadline>(`select ${deadlineColumns} from deadline ${which}`, [tenant, id]);
    return row ?? null;
  },

  of: (tx, tenant, aggregateId) =>
    tx.query<Deadline>(
      `select ${deadlineColumns} from deadline where tenant = $1 and aggregate_id = $2 order by started, id`,
      [tenant, aggregateId],
    ),

  ledger: (tx, id) =>
    tx.query<LedgerEntry>(
      `select ${entryColumns} from deadline_change where deadline_id = $1 order by version`,
      [id],
    ),
});

const firingOn = (
  firing: () => StatementsByClock,
): Pick<
  DeadlineStore<Transaction>,
  'ripe' | 'claim' | 'upcoming' | 'remaining' | 'hold' | 'annul' | 'fired' | 'figures'
> => ({
  async ripe(tx) {
    const [row] = await tx.query<{ ripe: boolean }>(firing().ripe);
    return row?.ripe ?? false;
  },

  claim: (tx, limit, ids) =>
    ids === undefined
      ? tx.query<Claim>(firing().claiming(''), [limit])
      : tx.query<Claim>(firing().claiming('and id = any($2::uuid[])'), [limit, ids]),

  upcoming: (tx, withinMs, limit) => tx.query<Upcoming>(firing().upcoming, [withinMs, limit]),

  async remaining(tx, ids) {
    const rows = await tx.query<{ id: string; ms: number }>(firing().remainingOf, [ids]);
    return new Map(rows.map(({ id, ms }) => [id, ms]));
  },

  async hold(tx, claims) {
    const keys = [
      uuids(claims, ({ deadlineId }) => deadlineId),
      integers(claims, ({ round }) => round),
      integers(claims, ({ rung }) => rung),
    ];
    return (await tx.query<{ holds: boolean }>(hold, keys)).map(({ holds }) => holds);
  },

  async annul(tx, deadlines) {
    const rounds = integers(deadlines, ({ round }) => round);
    const next = integers(deadlines, (one) => one.next);
    await tx.execute(annul, [uuids(deadlines, ({ id }) => id), rounds, next]);
  },

  async fired(tx, ids) {
    if (ids.length > 0)
      await tx.execute(`update deadline set state = 'fired' where id = any($1::uuid[])`, [ids]);
  },

  async figures(tx) {
    const [row] = await tx.query<DeadlineFigures>(firing().figures, [FIRES_WITHIN_MS, DECIDES_WITHIN_MS]);
    return row ?? { armed: 0, overdue: 0, overdueMs: 0, undecided: 0, provisional: 0 };
  },
});

const calendarOn = (columns: () => string): Pick<DeadlineStore<Transaction>, 'reached' | 'seen'> => ({
  async reached(tx, { tenant, calendar, units, from, after, limit, unseen }) {
    const parameters = [tenant, calendar, from, after || null, limit, units];
    if (unseen === undefined)
      return lockedFrom(
        await tx.query<Row>(`select ${columns()} ${reached} order by id limit $5`, parameters),
      );
    const which = 'and calendar_seen <> $7 order by id limit $5 for update';
    return lockedFrom(
      await tx.query<Row>(`select ${columns()} ${reached} ${which}`, [...parameters, unseen]),
    );
  },

  async seen(tx, ids, version) {
    await tx.execute('update deadline set calendar_seen = $2 where id = any($1::uuid[])', [ids, version]);
  },
});

/**
 * The tables of deadlines in a service's schema (see `deadlineMigrations`), by PostgreSQL's clock as the platform shows it:
 * asked for each statement, for a clock may be moved.
 */
export const postgresDeadlineStore = (
  database: Database,
  shown: ShownInSql = (instant) => instant,
): DeadlineStore<Transaction> => {
  const columns = () => columnsBy(shown(CLOCK));
  return {
    ...openings(database),
    ...ledgerOn(columns),
    ...firingOn(() => statementsBy(shown)),
    ...calendarOn(columns),
    sla: postgresSla(() => shown(CLOCK)),
  };
};
