import type { MemoryTransaction } from '@linli/bus';
import { DEFAULT_CALENDAR } from '@linli/contracts';
import { publishedIn, versionOf, type CalendarContent } from '../calendar/content.js';
import type { CalendarStore, Counting, StoredCalendar } from './calendar-store.js';
import { EVERYBODY } from './calendar-store.js';
import { seed } from './seed.js';

const rowsOf = (tx: MemoryTransaction): StoredCalendar[] => {
  const { content: _, ...seeded } = { ...seed, version: versionOf(seed.content) };
  return [seeded, ...tx.rows<StoredCalendar>('calendar')];
};

const contentOf = (tx: MemoryTransaction, version: string): CalendarContent | null =>
  tx.get<CalendarContent>('calendar_content', version) ??
  (version === versionOf(seed.content) ? seed.content : null);

const newest = (rows: readonly StoredCalendar[]): StoredCalendar[] => [
  ...new Map(
    rows
      .toSorted((a, b) => a.n - b.n)
      .map((row): [string, StoredCalendar] => [`${row.tenant} ${row.calendar}`, row]),
  ).values(),
];

/** For specs and simulations; everybody's calendar is that of the release. */
export const memoryCalendarStore: CalendarStore<MemoryTransaction> = {
  async counting(tx, tenant, names) {
    const standing = newest(rowsOf(tx));
    const of = (owner: string, name: string): StoredCalendar | undefined =>
      standing.find((row) => row.tenant === owner && row.calendar === name);
    const found = names.flatMap((asked): [string, Counting][] => {
      const counting = of(tenant, asked) ?? of(tenant, DEFAULT_CALENDAR) ?? of(EVERYBODY, DEFAULT_CALENDAR);
      return counting ? [[asked, { calendar: counting.calendar, version: counting.version }]] : [];
    });
    return new Map(found);
  },
  async standing(tx, tenant) {
    return newest(rowsOf(tx).filter((row) => row.tenant === tenant)).toSorted((a, b) =>
      a.calendar < b.calendar ? -1 : 1,
    );
  },
  async content(tx, version) {
    return contentOf(tx, version);
  },
  async add(tx, calendars) {
    for (const { content, ...row } of calendars) {
      const version = versionOf(content);
      tx.put('calendar_content', version, content);
      tx.put('calendar', `${row.tenant} ${row.calendar} ${row.n}`, { ...row, version });
    }
  },
  async lacking(tx, year) {
    const standing = newest(rowsOf(tx));
    const isOwn = ({ tenant, calendar }: StoredCalendar): boolean =>
      tenant !== EVERYBODY && calendar === DEFAULT_CALENDAR;
    const counted = standing.some(isOwn) ? standing.filter(({ tenant }) => tenant !== EVERYBODY) : standing;
    return counted.filter(({ version }) => {
      const content = contentOf(tx, version);
      return content !== null && !content.hours.always && !publishedIn(content).includes(year);
    }).length;
  },
};
