import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ApiKeys1764000000001 implements MigrationInterface {
  readonly name = 'ApiKeys1764000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table api_key (
        id text primary key,
        tenant text not null,
        name text not null,
        mac bytea not null check (octet_length(mac) = 32),
        scopes text[] not null,
        areas text[],
        created_at timestamptz not null,
        created_by text not null,
        expires_at timestamptz,
        revoked_at timestamptz
      )`);
    await runner.query('create index api_key_of_tenant on api_key (tenant, created_at desc, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table api_key');
  }
}
