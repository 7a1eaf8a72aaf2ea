import { DEFAULT_CALENDAR, type CalendarView } from '@linli/contracts';
import { publishedIn, type CalendarContent } from '../calendar/content.js';
import { WorkingCalendar } from '../calendar/working-calendar.js';
import { EVERYBODY, type CalendarStore, type StoredCalendar } from '../store/calendar-store.js';
import type { DeadlinesOn } from './deadlines-on.js';

/** Each holds a few kB for every year that was asked for. */
const MOST_KEPT = 500;

/** The working calendars of a service, for all tenants. A version never changes, so it is read once. */
export class WorkingCalendars<Tx> {
  private readonly kept = new Map<string, WorkingCalendar>();
  private readonly holders: DeadlinesOn<Tx>[] = [];

  constructor(readonly store: CalendarStore<Tx>) {}

  /** Whoever keeps deadlines says so: an import asks it which would move, and has it move them. */
  register(holder: DeadlinesOn<Tx>): void {
    this.holders.push(holder);
  }

  get deadlines(): readonly DeadlinesOn<Tx>[] {
    return this.holders;
  }

  /** What the deadlines of units are reckoned by: their own calendar, else the tenant's default, else everybody's. */
  async ofAll(
    tx: Tx,
    tenant: string,
    units: readonly string[],
  ): Promise<ReadonlyMap<string, WorkingCalendar>> {
    const counting = await this.store.counting(tx, tenant, units);
    const calendars = new Map<string, WorkingCalendar>();
    for (const [unit, { version }] of counting) {
      const calendar = await this.version(tx, version);
      if (calendar) calendars.set(unit, calendar);
    }
    return calendars;
  }

  async of(tx: Tx, tenant: string, unit: string): Promise<WorkingCalendar> {
    const calendar = (await this.ofAll(tx, tenant, [unit])).get(unit);
    if (!calendar) throw new Error('the calendar of everybody is gone');
    return calendar;
  }

  /** The calendar of this name; null when there is none. */
  async named(tx: Tx, tenant: string, name: string): Promise<WorkingCalendar | null> {
    const counting = (await this.store.counting(tx, tenant, [name])).get(name);
    return counting?.calendar === name ? this.version(tx, counting.version) : null;
  }

  /** What a version said: explanations name the one that they were made by. Null when it never counted here. */
  async version(tx: Tx, version: string): Promise<WorkingCalendar | null> {
    const known = this.kept.get(version);
    if (known) return known;
    const content = await this.store.content(tx, version);
    return content && this.keep(version, content);
  }

  /** The tenant's calendars as they stand, the default among them. */
  async list(tx: Tx, tenant: string): Promise<CalendarView[]> {
    const own = await this.store.standing(tx, tenant);
    const common = own.some(({ calendar }) => calendar === DEFAULT_CALENDAR)
      ? []
      : await this.store.standing(tx, EVERYBODY);
    return Promise.all([...common, ...own].map((one) => this.viewOf(tx, one)));
  }

  private keep(version: string, { hours, years }: CalendarContent): WorkingCalendar {
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    const calendar = new WorkingCalendar({ version, hours, years });
    this.kept.set(version, calendar);
    return calendar;
  }

  private async viewOf(tx: Tx, stored: StoredCalendar): Promise<CalendarView> {
    const { calendar, version, sources, importedAt, importedBy } = stored;
    const content = await this.store.content(tx, version);
    if (!content) throw new Error(`the calendar ${version} is gone`);
    return {
      ...{ calendar, calendarVersion: version, hours: content.hours, publishedYears: publishedIn(content) },
      ...{ sources: [...sources], importedAt: importedAt.toISOString(), importedBy },
    };
  }
}
