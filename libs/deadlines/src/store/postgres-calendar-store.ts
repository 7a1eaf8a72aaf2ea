import type { Transaction } from '@linli/store';
import {
  publishedIn,
  textOf,
  versionOf,
  type CalendarContent,
  type OwnContent,
} from '../calendar/content.js';
import {
  EVERYBODY,
  type CalendarStore,
  type Counting,
  type NewCalendar,
  type StoredCalendar,
} from './calendar-store.js';

type Row = Omit<StoredCalendar, 'own' | 'sources'> & { readonly own: string; readonly sources: string };

const fromRow = ({ own, sources, ...row }: Row): StoredCalendar => ({
  ...row,
  own: JSON.parse(own) as OwnContent,
  sources: JSON.parse(sources) as string[],
});

const addOne = async (tx: Transaction, calendar: NewCalendar): Promise<void> => {
  const { tenant, calendar: name, n, own, content, sources, importedAt, importedBy } = calendar;
  const version = versionOf(content);
  await tx.execute('insert into calendar_content (version, body) values ($1, $2) on conflict do nothing', [
    version,
    textOf(content),
  ]);
  const published = content.hours.always ? null : publishedIn(content);
  await tx.execute(
    `insert into calendar (tenant, name, n, version, own, sources, published, imported_at, imported_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ...[tenant, name, n, version, JSON.stringify(own), JSON.stringify(sources)],
      ...[published, importedAt, importedBy],
    ],
  );
};

/** The tables of `calendarMigrations`, in the service's own schema. */
export const postgresCalendarStore: CalendarStore<Transaction> = {
  async counting(tx, tenant, names) {
    const rows = await tx.query<Counting & { readonly asked: string }>(
      `select asked, counting.name as "calendar", counting.version from unnest($2::text[]) asked, lateral (
         select name, version from calendar
         where (tenant, name) in (($1, asked), ($1, 'default'), ($3, 'default'))
         order by tenant = $3, name <> asked, n desc limit 1) counting`,
      [tenant, names, EVERYBODY],
    );
    return new Map(rows.map(({ asked, ...counting }) => [asked, counting]));
  },
  async standing(tx, tenant) {
    const rows = await tx.query<Row>(
      `select distinct on (name) tenant, name as "calendar", n, version, own, sources,
         imported_at as "importedAt", imported_by as "importedBy"
       from calendar where tenant = $1 order by name, n desc`,
      [tenant],
    );
    return rows.map(fromRow).toSorted((a, b) => (a.calendar < b.calendar ? -1 : 1));
  },
  async content(tx, version) {
    const [found] = await tx.query<{ body: string }>('select body from calendar_content where version = $1', [
      version,
    ]);
    return found ? (JSON.parse(found.body) as CalendarContent) : null;
  },
  async add(tx, calendars) {
    for (const calendar of calendars) await addOne(tx, calendar);
  },
  async lacking(tx, year) {
    const [counted] = await tx.query<{ count: number }>(
      `select count(*) as "count" from (
         select distinct on (tenant, name) tenant, published from calendar order by tenant, name, n desc) standing
       where not $1 = any (published) and (tenant <> $2 or not exists (
         select from calendar where tenant <> $2 and name = 'default'))`,
      [year, EVERYBODY],
    );
    return counted?.count ?? 0;
  },
};
