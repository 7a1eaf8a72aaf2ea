import type { WorkingCalendar } from '../calendar/working-calendar.js';

/** Where deadlines find the calendars of units. Versions stay for as long as a deadline was reckoned by one. */
export interface Calendars {
  /** The newest version, or the one asked for; null: there is none of that name, or no such version. */
  of(tenant: string, name: string, version?: string): Promise<WorkingCalendar | null>;
}

/** Calendars in memory, the same for every tenant; the version added last is the newest. */
export class MemoryCalendars implements Calendars {
  readonly #known = new Map<string, WorkingCalendar[]>();

  add(name: string, calendar: WorkingCalendar): this {
    this.#known.set(name, [...(this.#known.get(name) ?? []), calendar]);
    return this;
  }

  async of(_tenant: string, name: string, version?: string): Promise<WorkingCalendar | null> {
    const versions = this.#known.get(name) ?? [];
    return (
      (version === undefined ? versions.at(-1) : versions.find((one) => one.version === version)) ?? null
    );
  }
}
