import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { MigrationClass } from '@linli/store';
import { BusOperate1764500000000 } from './operate-migration.js';

const up = `
create table progress (
  consumer_group text not null,
  topic text not null,
  part int not null,
  next_offset bigint not null default 0,
  next_index int not null default 0,
  last_seq bigint not null default 0,
  source_epoch int not null default 0,
  last_fingerprint text,
  owner text,
  owner_since timestamptz,
  crash_from bigint,
  crash_count int not null default 0,
  moved_at timestamptz,
  constraint progress_pkey primary key (consumer_group, topic, part)
) with (fillfactor = 50);

create table outcome (
  command_id uuid constraint outcome_pkey primary key,
  tenant text not null,
  request_hash text not null,
  aggregate_id uuid not null,
  status text not null constraint outcome_status check (status in ('done', 'refused', 'parked', 'expired')),
  resource text,
  aggregate_version bigint,
  refusal text,
  completed_at timestamptz not null
);
create index outcome_age on outcome (completed_at);

create table fact_new (
  topic text not null,
  id bigint generated always as identity,
  kind text not null constraint fact_new_kind check (kind in ('fact', 'command')),
  event_id uuid not null,
  type text not null,
  tenant text not null,
  aggregate_id text not null,
  aggregate_version bigint not null,
  actor text not null,
  command_id uuid,
  correlation_id text not null,
  causation_id text,
  hops int not null,
  at timestamptz not null,
  payload text not null constraint fact_new_size check (octet_length(payload) < 800000),
  constraint fact_new_pkey primary key (topic, id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

create table stream (
  topic text not null,
  part int not null,
  partition_count int not null,
  last_seq bigint not null default 0,
  published_seq bigint not null default 0,
  epoch int not null default 1,
  last_hash text not null,
  constraint stream_pkey primary key (topic, part)
) with (fillfactor = 50);

create table journal (
  topic text not null,
  part int not null,
  seq bigint not null,
  epoch int not null,
  kind text not null,
  event_id uuid not null,
  type text not null,
  tenant text not null,
  aggregate_id text not null,
  aggregate_version bigint not null,
  actor text not null,
  command_id uuid,
  correlation_id text not null,
  causation_id text,
  hops int not null,
  at timestamptz not null,
  payload text not null,
  previous_hash text not null,
  hash text not null,
  stamped_at timestamptz not null default now(),
  constraint journal_pkey primary key (topic, part, seq, stamped_at)
) partition by range (stamped_at);
create index journal_timeline on journal (tenant, aggregate_id);
create table journal_other partition of journal default;

create table parked_key (
  consumer_group text not null,
  key text not null,
  since timestamptz not null,
  reason text not null,
  attempts int not null default 1,
  constraint parked_key_pkey primary key (consumer_group, key)
);
create table parked_message (
  consumer_group text not null,
  key text not null,
  n bigint generated always as identity,
  topic text not null,
  part int not null,
  off bigint not null,
  appended_at timestamptz not null,
  body text not null,
  constraint parked_message_pkey primary key (consumer_group, key, n)
);

create table dead_letter (
  consumer_group text not null,
  topic text not null,
  part int not null,
  off bigint not null,
  item int not null,
  raw bytea,
  headers text not null,
  error text not null,
  at timestamptz not null,
  constraint dead_letter_pkey primary key (consumer_group, topic, part, off, item)
);`;

const tables = [
  'dead_letter',
  'parked_message',
  'parked_key',
  'journal',
  'stream',
  'fact_new',
  'outcome',
  'progress',
];

/** Tables of the bus, in the service's own schema. */
class BusTables1763900000000 implements MigrationInterface {
  readonly name = 'BusTables1763900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(up);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(tables.map((table) => `drop table ${table};`).join('\n'));
  }
}

/** Which cluster and timeline a stream was numbered on: see `origin.ts`. */
class StreamOrigin1763930000000 implements MigrationInterface {
  readonly name = 'StreamOrigin1763930000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table stream add column origin text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table stream drop column origin');
  }
}

/** What is told goes on in the trace in which it was told. */
class TracesInTheJournal1763900000001 implements MigrationInterface {
  readonly name = 'TracesInTheJournal1763900000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table fact_new add traceparent text; alter table journal add traceparent text;',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table journal drop traceparent; alter table fact_new drop traceparent;');
  }
}

/** To be put before a service's own migrations. */
export const busMigrations: readonly MigrationClass[] = [
  BusTables1763900000000,
  TracesInTheJournal1763900000001,
  StreamOrigin1763930000000,
  BusOperate1764500000000,
];
