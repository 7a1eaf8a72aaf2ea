import { rowLevelSecurity, type MigrationClass } from '@linli/store';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const deadlines = `
create table deadline (
  id uuid constraint deadline_pkey primary key,
  tenant text not null,
  area text,
  unit text,
  aggregate_id uuid not null,
  clock text not null,
  favour text not null constraint deadline_favour check (favour in ('earlier', 'later', 'none')),
  version int not null,
  basis text not null constraint deadline_basis check (basis in ('wall', 'calendar', 'working')),
  amount int not null,
  amount_unit text not null,
  started timestamptz not null,
  roll boolean not null,
  calendar text not null,
  calendar_version text not null,
  calendar_seen text not null,
  suspensions jsonb not null,
  extensions jsonb not null,
  due timestamptz,
  unrolled_due timestamptz,
  provisional boolean not null,
  state text not null constraint deadline_state check (state in ('armed', 'due', 'fired', 'cancelled')),
  ended_at timestamptz,
  rungs jsonb not null,
  next_rung int not null,
  round int not null,
  next_at timestamptz,
  half_at timestamptz,
  quarter_at timestamptz,
  tenth_at timestamptz
) with (fillfactor = 80);
create index deadline_next on deadline (next_at) where next_at is not null;
create index deadline_undecided on deadline (due) where state = 'due';
create index deadline_open on deadline (tenant, due, id)
  include (clock, unit, area, half_at, quarter_at, tenth_at, started, provisional, state) where ended_at is null;
create index deadline_paused on deadline (tenant) where ended_at is null and suspensions <> '[]';
create index deadline_ended on deadline (tenant, ended_at) where ended_at is not null;
create index deadline_provisional on deadline (tenant) where provisional and ended_at is null;
create index deadline_of_aggregate on deadline (tenant, aggregate_id);
create index deadline_by_calendar on deadline (tenant, calendar, id) where state = 'armed';`;

/** Append only: the ledger from which a deadline can be made anew. */
const changes = `
create table deadline_change (
  deadline_id uuid not null,
  version int not null,
  kind text not null,
  at timestamptz not null,
  by_whom text not null,
  reason text not null,
  body jsonb not null,
  due timestamptz,
  adopted boolean not null,
  recorded_at timestamptz not null default clock_timestamp(),
  constraint deadline_change_pkey primary key (deadline_id, version)
);`;

/** The key is what lets a rung be reached once, with any number of sweepers. */
const firings = `
create table deadline_firing (
  deadline_id uuid not null,
  round int not null,
  rung int not null,
  version int not null,
  name text not null,
  at timestamptz not null,
  claimed_at timestamptz not null,
  void boolean not null default false,
  constraint deadline_firing_pkey primary key (deadline_id, round, rung)
);`;

/** The ledger of deadlines, in the service's own schema. */
class Deadlines1764800000000 implements MigrationInterface {
  readonly name = 'Deadlines1764800000000';

  async up(runner: QueryRunner): Promise<void> {
    const security = rowLevelSecurity('deadline', { tenant: 'tenant', area: 'area' });
    for (const sql of [deadlines, changes, firings, ...security]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table deadline_firing; drop table deadline_change; drop table deadline;');
  }
}

/** Exercises are told apart where deadlines are counted. */
class ExerciseDeadlines1764800000001 implements MigrationInterface {
  readonly name = 'ExerciseDeadlines1764800000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table deadline add exercise boolean not null default false');
    await runner.query('drop index deadline_open');
    await runner.query(`create index deadline_open on deadline (tenant, due, id)
      include (clock, unit, area, half_at, quarter_at, tenth_at, started, provisional, state, exercise)
      where ended_at is null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table deadline drop exercise');
  }
}

/** To be put after the bus's and before a service's own migrations. */
export const deadlineMigrations: readonly MigrationClass[] = [
  Deadlines1764800000000,
  ExerciseDeadlines1764800000001,
];
