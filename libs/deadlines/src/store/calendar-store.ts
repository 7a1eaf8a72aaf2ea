import type { CalendarContent, OwnContent } from '../calendar/content.js';

/** Whose default calendar stands below that of every tenant. No tenant is called so. */
export const EVERYBODY = '*';

/** A calendar of a tenant as it stood from one import to the next. */
export interface StoredCalendar {
  readonly tenant: string;
  readonly calendar: string;
  /** Number of the tenant's import that made it so. */
  readonly n: number;
  /** See `versionOf`: of all that it says, with what it stands on. */
  readonly version: string;
  readonly own: OwnContent;
  /** Documents of that import. */
  readonly sources: readonly string[];
  readonly importedAt: Date;
  readonly importedBy: string;
}

/** One that is to be kept, with all that it says. */
export type NewCalendar = Omit<StoredCalendar, 'version'> & { readonly content: CalendarContent };

/** Which calendar counts for a name, and what it says now. */
export interface Counting {
  readonly calendar: string;
  readonly version: string;
}

/** Calendars in a service's own database, every version of them. */
export interface CalendarStore<Tx> {
  /** The ones that count for names, by name: that of the name itself, else the tenant's default, else everybody's. */
  counting(tx: Tx, tenant: string, names: readonly string[]): Promise<ReadonlyMap<string, Counting>>;
  /** As they stand now: the tenant's own, by name. */
  standing(tx: Tx, tenant: string): Promise<readonly StoredCalendar[]>;
  content(tx: Tx, version: string): Promise<CalendarContent | null>;
  /** They stand from now on; the ones before are kept. */
  add(tx: Tx, calendars: readonly NewCalendar[]): Promise<void>;
  /**
   * Standing calendars, of all tenants, for which nothing is published for a year. That of everybody is one of them as
   * long as no tenant has a default of its own.
   */
  lacking(tx: Tx, year: number): Promise<number>;
}
