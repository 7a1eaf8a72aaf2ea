/** What an instant of PostgreSQL's clock (an SQL expression) is by the platform's: the same, unless time runs faster. */
export type ShownInSql = (instant: string) => string;

export const CLOCK = 'clock_timestamp()';
/**
 * When the statement began. Unlike the clock itself it is the same for every row, and the planner knows its value: only so
 * it sees that next to nothing is ripe, and takes the index instead of looking at every armed deadline every second.
 */
const STATEMENT = 'statement_timestamp()';

const atOf = (rung: string): string => `to_timestamp((one.rungs -> (${rung}) ->> 'at')::float8 / 1000)`;

/**
 * Takes rungs that are reached, oldest first; `limit` is $1, `which` narrows it. A rung that was taken before in the same
 * round is passed over: its deadline goes on, and nobody is told twice.
 */
const claiming =
  (clock: string, now: string) =>
  (which: string): string => `
  with ripe as (
    select id from deadline where next_at <= ${now} ${which}
    order by next_at, id limit $1 for update skip locked),
  taken as (
    update deadline as one set
      next_rung = next_rung + 1,
      next_at = ${atOf('one.next_rung + 1')},
      state = case when state = 'armed' and (one.rungs -> one.next_rung ->> 'due')::boolean then 'due' else state end
    from ripe where one.id = ripe.id
    returning one.*, next_rung - 1 as rung, ${atOf('one.next_rung - 1')} as reached,
      one.rungs -> (one.next_rung - 1) as step),
  fresh as (
    insert into deadline_firing (deadline_id, round, rung, version, name, at, claimed_at)
    select id, round, rung, version, step ->> 'name', reached, ${clock} from taken
    on conflict do nothing
    returning deadline_id, round, rung, claimed_at)
  select taken.id as "deadlineId", tenant, aggregate_id as "aggregateId", clock, version, taken.round, taken.rung,
    step ->> 'name' as name, (step ->> 'level')::int as level, (step ->> 'at')::float8 as at,
    (extract(epoch from due) * 1000)::float8 as due,
    (extract(epoch from claimed_at) * 1000)::float8 as "claimedAt",
    (extract(epoch from next_at - claimed_at) * 1000)::float8 as "nextInMs"
  from taken join fresh on fresh.deadline_id = taken.id and fresh.round = taken.round and fresh.rung = taken.rung
  order by reached, taken.id`;

export const hold = `select firing.deadline_id is not null as holds
  from unnest($1::uuid[], $2::int[], $3::int[]) with ordinality as claim (deadline_id, round, rung, n)
  left join deadline_firing firing on firing.deadline_id = claim.deadline_id and firing.round = claim.round
    and firing.rung = claim.rung and not void
  order by n`;

export const annul = `update deadline_firing as firing set void = true
  from unnest($1::uuid[], $2::int[], $3::int[]) as one (id, round, next)
  where firing.deadline_id = one.id and firing.round < one.round and firing.rung >= one.next and not void`;

const figures = (now: string): string => `select
  (select count(*) from deadline where state = 'armed') as armed,
  (select count(*) from deadline where next_at < ${now} - make_interval(secs => $1::float8 / 1000)) as overdue,
  (select coalesce(extract(epoch from ${now} - min(next_at)) * 1000, 0)::float8 from deadline
   where next_at < ${now} - make_interval(secs => $1::float8 / 1000)) as "overdueMs",
  (select count(*) from deadline
   where state = 'due' and due < ${now} - make_interval(secs => $2::float8 / 1000)) as undecided,
  (select count(*) from deadline where provisional and ended_at is null) as provisional`;

/** Statements that look at the time. */
export const statementsBy = (shown: ShownInSql) => {
  const now = shown(STATEMENT);
  const remaining = `(extract(epoch from next_at - ${now}) * 1000)::float8`;
  return {
    ripe: `select coalesce(min(next_at) <= ${now}, false) as ripe from deadline`,
    claiming: claiming(shown(CLOCK), now),
    upcoming: `select id as "deadlineId", version, round, next_rung as rung, ${remaining} as "inMs"
      from deadline where next_at > ${now} and next_at <= ${now} + make_interval(secs => $1::float8 / 1000)
      order by next_at limit $2`,
    remainingOf: `select id, ${remaining} as ms from deadline where id = any($1::uuid[]) and next_at is not null`,
    figures: figures(now),
  };
};
export type StatementsByClock = ReturnType<typeof statementsBy>;
