import type { MigrationInterface, QueryRunner } from 'typeorm';
import { openToReaders, rowLevelSecurity, type MigrationClass } from '@linli/store';
import { publishedIn, textOf, versionOf } from '../calendar/content.js';
import { seed } from './seed.js';

const tables = [
  `create table calendar_content (
     version text constraint calendar_content_pkey primary key,
     body text not null
   )`,
  `create table calendar (
     tenant text not null,
     name text not null,
     n int not null,
     version text not null constraint calendar_version references calendar_content,
     own text not null,
     sources text not null,
     published int[],
     imported_at timestamptz not null,
     imported_by text not null,
     constraint calendar_pkey primary key (tenant, name, n)
   )`,
  `comment on table calendar_content is 'every version that ever counted: version = sha256(body)'`,
  `comment on column calendar.published is 'years with data; null = 24x7, needs none'`,
];

/** What everybody's calendar says is everybody's to read. */
const readable = [
  ...rowLevelSecurity('calendar', { tenant: 'tenant' }),
  `create policy everybody on calendar for select using (tenant = '*')`,
  openToReaders('calendar_content'),
];

export class Calendars1764700000000 implements MigrationInterface {
  readonly name = 'Calendars1764700000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...tables, ...readable]) await runner.query(statement);
    const { tenant, calendar, n, own, content, sources, importedAt, importedBy } = seed;
    const version = versionOf(content);
    await runner.query('insert into calendar_content (version, body) values ($1, $2)', [
      version,
      textOf(content),
    ]);
    await runner.query(
      `insert into calendar (tenant, name, n, version, own, sources, published, imported_at, imported_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [
        ...[tenant, calendar, n, version, JSON.stringify(own), JSON.stringify(sources)],
        ...[publishedIn(content), importedAt, importedBy],
      ],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table calendar');
    await runner.query('drop table calendar_content');
  }
}

/** The tables of calendars, in every service's own schema, with what the release knows. */
export const calendarMigrations: readonly MigrationClass[] = [Calendars1764700000000];
