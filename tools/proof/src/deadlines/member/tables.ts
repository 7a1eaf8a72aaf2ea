import type { MigrationClass } from '@linli/store';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Witnesses of the aggregate, in its transactions: what was asked of its deadlines, and what it heard of them. */
const up = `
create table asked (
  id bigint generated always as identity constraint asked_pkey primary key,
  deadline_id uuid not null,
  body jsonb not null,
  version int not null,
  refused text,
  in_time boolean not null,
  appended_at timestamptz not null,
  done_at timestamptz not null default clock_timestamp()
);
create table heard (
  id bigint generated always as identity constraint heard_pkey primary key,
  deadline_id uuid not null,
  round int not null,
  rung int not null,
  counts boolean not null,
  at timestamptz not null default clock_timestamp()
);`;

class Aggregates1764900000000 implements MigrationInterface {
  readonly name = 'Aggregates1764900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table asked; drop table heard;');
  }
}

export const memberMigrations: readonly MigrationClass[] = [Aggregates1764900000000];
