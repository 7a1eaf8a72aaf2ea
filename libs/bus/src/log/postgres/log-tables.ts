import type { MigrationInterface, QueryRunner } from 'typeorm';

class LogTables1764000000000 implements MigrationInterface {
  readonly name = 'LogTables1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table topic (
        name text primary key,
        partitions int not null check (partitions > 0),
        holds text not null
      );
      -- One row per partition. Its lock is held from numbering to commit, so offsets are dense in commit order.
      create table head (
        topic text not null references topic (name),
        part int not null,
        low_offset bigint not null default 0,
        next_offset bigint not null default 0,
        primary key (topic, part)
      ) with (fillfactor = 50);
      create table record (
        topic text not null,
        part int not null,
        "offset" bigint not null,
        key text,
        value bytea,
        headers jsonb not null,
        appended_at timestamptz not null,
        primary key (topic, part, "offset")
      ) with (autovacuum_vacuum_insert_scale_factor = 0.05);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table record; drop table head; drop table topic;');
  }
}

/** For the schema that the embedded log lives in. */
export const logMigrations = [LogTables1764000000000];
