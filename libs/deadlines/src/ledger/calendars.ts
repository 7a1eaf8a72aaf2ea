import { DEFAULT_CALENDAR } from '@linli/contracts';
import type { WorkingCalendar } from '../calendar/working-calendar.js';
import type { WorkingCalendars } from '../calendars/working-calendars.js';

/** Where deadlines find the calendars of units. Versions stay for as long as a deadline was reckoned by one. */
export interface Calendars<Tx> {
  /** The newest versions, by name; a name of which there is none is left out. */
  newest(tx: Tx, tenant: string, names: readonly string[]): Promise<ReadonlyMap<string, WorkingCalendar>>;
  /** One by which a deadline was reckoned; null: there is no such version. */
  version(tx: Tx, name: string, version: string): Promise<WorkingCalendar | null>;
}

/** A service's own calendars: a name is that of a unit, or `default`; a unit without one of its own has the default. */
export const calendarsFrom = <Tx>(calendars: WorkingCalendars<Tx>): Calendars<Tx> => ({
  newest: (tx, tenant, names) => calendars.ofAll(tx, tenant, names),
  version: (tx, _name, version) => calendars.version(tx, version),
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

  async newest(
    _tx: unknown,
    _tenant: string,
    names: readonly string[],
  ): Promise<ReadonlyMap<string, WorkingCalendar>> {
    const found = names.flatMap((name): [string, WorkingCalendar][] => {
      const newest = this.#known.get(name)?.at(-1);
      return newest ? [[name, newest]] : [];
    });
    return new Map(found);
  }

  async version(_tx: unknown, name: string, version: string): Promise<WorkingCalendar | null> {
    return this.#known.get(name)?.find((one) => one.version === version) ?? null;
  }
}
