import type { MigrationClass } from '@linli/store';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each handler appends a witness in its transaction: what was done, in which order. */
const up = `
create table told (
  id bigint generated always as identity constraint told_pkey primary key,
  command_id uuid not null,
  key text not null,
  n int not null,
  at timestamptz not null default clock_timestamp()
);
create table heard (
  id bigint generated always as identity constraint heard_pkey primary key,
  event_id uuid not null,
  key text not null,
  version bigint not null
);
create table stored (
  id bigint generated always as identity constraint stored_pkey primary key,
  item int not null constraint stored_whole check (item <> 666)
);
create table version (
  key text constraint version_pkey primary key,
  last bigint not null
);
create table blocked (
  key text constraint blocked_pkey primary key
);
create table mended (
  n int constraint mended_pkey primary key
);`;

const tables = ['told', 'heard', 'stored', 'version', 'blocked', 'mended'];

class Witnesses1764000000000 implements MigrationInterface {
  readonly name = 'Witnesses1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(tables.map((table) => `drop table ${table};`).join('\n'));
  }
}

export const memberMigrations: readonly MigrationClass[] = [Witnesses1764000000000];
