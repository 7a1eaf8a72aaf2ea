import type { MigrationInterface, QueryRunner } from 'typeorm';

const up = `
alter table dead_letter
  add column n bigint generated always as identity,
  add column id uuid not null default gen_random_uuid(),
  add column key text,
  add column appended_at timestamptz,
  add column state text not null default 'open'
    constraint dead_letter_state check (state in ('open', 'replayed', 'discarded')),
  add column attempts int not null default 0,
  add column ended_at timestamptz,
  add column ended_by text,
  add column ended_reason text;
update dead_letter set appended_at = at;
alter table dead_letter alter column appended_at set not null;
create unique index dead_letter_id on dead_letter (id);
create index dead_letter_order on dead_letter (state, n);
create index dead_letter_ended on dead_letter (ended_at) where ended_at is not null;

alter table parked_key
  add column n bigint generated always as identity,
  add column id uuid not null default gen_random_uuid();
create unique index parked_key_id on parked_key (id);

alter table progress add column halted text, add column halted_at timestamptz;`;

const down = `
alter table progress drop column halted, drop column halted_at;
alter table parked_key drop column n, drop column id;
alter table dead_letter drop column n, drop column id, drop column key, drop column appended_at, drop column state,
  drop column attempts, drop column ended_at, drop column ended_by, drop column ended_reason;`;

/** What operators need: names for what is stuck, and what became of it. */
export class BusOperate1764500000000 implements MigrationInterface {
  readonly name = 'BusOperate1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(down);
  }
}
