import { DEFAULT_CALENDAR } from '@linli/contracts';
import type { WorkingCalendar } from '../calendar/working-calendar.js';
import type { WorkingCalendars } from '../calendars/working-calendars.js';

/** Where deadlines find the calendars of units. Versions stay for as long as a deadline was reckoned by one. */
export interface Calendars<Tx> {
  /** The newest version, or the one asked for; null: there is none of that name, or no such version. */
  of(tx: Tx, tenant: string, name: string, version?: string): Promise<WorkingCalendar | null>;
}

export type CalendarOf = (tenant: string, name: string, version?: string) => Promise<WorkingCalendar | null>;

/** Calendars as one piece of work sees them, each looked up once. */
export const calendarsOn = <Tx>(calendars: Calendars<Tx>, tx: Tx): CalendarOf => {
  const known = new Map<string, Promise<WorkingCalendar | null>>();
  return (tenant, name, version) => {
    const key = JSON.stringify([tenant, name, version]);
    const found = known.get(key) ?? calendars.of(tx, tenant, name, version);
    known.set(key, found);
    return found;
  };
};

/** A service's own calendars: a name is that of a unit, or `default`; a unit without one of its own has the default. */
export const calendarsFrom = <Tx>(calendars: WorkingCalendars<Tx>): Calendars<Tx> => ({
  of: (tx, tenant, name, version) =>
    version === undefined ? calendars.of(tx, tenant, name) : calendars.version(tx, version),
});

/** Whether a deadline that names a calendar is reckoned by the one that changes. */
export const isReckonedBy = (
  name: string,
  { calendar, units }: { readonly calendar: string; readonly units: readonly string[] },
): boolean => (calendar === DEFAULT_CALENDAR ? !units.includes(name) : name === calendar);

/** Calendars in memory, the same for every tenant; the version added last is the newest. */
export class MemoryCalendars implements Calendars<unknown> {
  readonly #known = new Map<string, WorkingCalendar[]>();

  add(name: string, calendar: WorkingCalendar): this {
    this.#known.set(name, [...(this.#known.get(name) ?? []), calendar]);
    return this;
  }

  async of(_tx: unknown, _tenant: string, name: string, version?: string): Promise<WorkingCalendar | null> {
    const versions = this.#known.get(name) ?? [];
    return (
      (version === undefined ? versions.at(-1) : versions.find((one) => one.version === version)) ?? null
    );
  }
}
